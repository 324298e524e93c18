use super::*;
use crate::extract::collect::collect;
use crate::text::normal;
use proptest::prelude::*;

const P: &str = "这是一份关于青河项目的付款合同说明文件请各部门仔细阅读其中的条款并在下周五之前把修改意见交给法务部的林经理以便我们按时完成与客户的签约工作同时请财务部核对预付款的到账情况并把结果写在附件的表格里面谢谢大家的配合";

fn hard(text: &str, width: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars.chunks(width).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
}

#[test]
fn wrapped_text_is_told_from_lines() {
    let check = |text: &str, wrap| assert_eq!(of(text), wrap, "{text}");
    check(
        "The company signed a contract with the bureau in the spring of that\n\
         year, and delivered the platform three months later than the parties\n\
         had agreed on, which both of them put down to the missing\n\
         hardware list.\n\nA second contract followed in the autumn and was paid for in\n\
         advance; nobody remembers why.\n",
        Wrap::Flow,
    );
    check(
        "本公司于二〇二〇年三月与该局签订合同，并于三个月后交付平\n\
         台，比双方约定的时间晚了三个月，双方都认为原因是缺少必要的\n\
         硬件设备。第二份合同在秋季签订，并且预先支付了款项，没有人\n\
         记得原因。\n",
        Wrap::Flow,
    );
    check("apples\npears\nplums\nsix oranges\n", Wrap::Lines);
    check(
        "2024-02-19 08:05:00 started the collector on host a.example\n\
         2024-02-19 08:05:01 ok\n2024-02-19 08:05:02 failed to open the door of the house\n\
         2024-02-19 08:05:02 ok\n2024-02-19 08:05:09 stopped\n",
        Wrap::Lines,
    );
    check(
        "一行一段。\n这是比较长的第二段，没有换行，一直写到段落的末尾为止，然后才换行，所以很长。\n短。\n",
        Wrap::Lines,
    );
    check("", Wrap::Lines);
    check("one line only", Wrap::Lines);
}

/// The parts of a text file, each as its first letters and F or L.
fn parts(text: &str) -> Vec<String> {
    let all = collect(text.as_bytes(), "note.txt");
    assert_eq!(all.text, text);
    let letter = |wrap| if wrap == Wrap::Flow { 'F' } else { 'L' };
    let start = |part| all.part_text(part).chars().take(2).collect::<String>();
    all.parts.iter().map(|part| format!("{} {}", letter(part.wrap), start(part))).collect()
}

#[test]
fn a_wrapped_paragraph_is_found_among_lines() {
    let check = |text: &str, expected: &[&str]| assert_eq!(parts(text), expected, "{text}");
    let wrapped = hard(P, 38);
    let signature = "林峰\n青河科技有限公司\n法务部\n电话 13900000000\n地址 四川省\n";
    check(&format!("各位同事：\n\n{wrapped}\n\n{signature}"), &["L 各位", "F 这是", "L 林峰"]);
    check(
        &format!("林经理：\n您好！\n{wrapped}\n谢谢\n王强\n{signature}"),
        &["L 林经", "F 这是", "L 谢谢"],
    );
    check(
        &format!("会议纪要\n时间 周五\n地点 三楼\n主持 林峰\n参加 王强\n\n{wrapped}\n"),
        &["L 会议", "F 这是"],
    );
    check(&hard(&P.chars().take(60).collect::<String>(), 38), &["F 这是"]);
    check(&hard(P, 14), &["F 这是"]);
    check(&format!("一、概况\n　　{}\n", hard(P, 38)), &["F 一、"]);
    check(
        "From the desk of Lin\n\nWe have talked about the con-\ntract yesterday and the customer \
         pay-\nment will arrive on Friday in the after-\nnoon, as was agreed upon by the par-\n\
         ties.\n",
        &["F Fr"],
    );
    check("see the pay-\nment\n", &["F se"]);
}

/// The text as a phone sets it: so many cells a line, no sign that closes at the beginning of one.
fn column(text: &str, cells: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if c == '\n' {
            used = 0;
        } else if used + width > cells && !"，。；：？！、 .,".contains(c) {
            out.push('\n');
            used = 0;
        }
        out.push(c);
        used += width;
    }
    out
}

const TALK: &str = "林经理您好，这是上周五会议的纪要。青河项目第2期的付款合同已经由法务部审核完毕，预付款三十万元在本月到账；请财务部核对之后，把结果写进附件的表格。另外，客户希望我们在十月之前交付平台，王强说硬件设备还没有到，所以时间可能来不及，需要再和对方谈一次。";

#[test]
fn running_text_in_a_narrow_column_is_found() {
    let check = |text: &str, expected: &[&str]| assert_eq!(parts(text), expected, "{text}");
    for cells in 12..24 {
        check(&column(TALK, cells), &["F 林经"]);
        check(&format!("会议纪要\n\n{}\n\n法务部\n", column(TALK, cells)), &["F 会议"]);
    }
    // No clause ends anywhere.
    for width in 8..14 {
        let text = format!("各位同事\n\n{}\n\n法务部\n林峰\n", hard(P, width));
        check(&text, &["L 各位", "F 这是", "L 法务"]);
    }
    // Two full lines, where clauses end inside of them.
    check("好的，本周五下午\n三点开会，请大家\n准时参加。\n", &["F 好的"]);
}

#[test]
fn japanese_columns_are_running_text() {
    let text = "当社は昨年末に取引先との契約を更新し、担当者の氏名や電話番号を含む顧客情報を\
                サーバーに保存していた。その後の調査により、外部からの不正アクセスでデータが流出した\
                ことが確認され、責任者は銀行への送金記録を調べ直し、関係書類を本社に提出した。";
    for cells in (12..=30).step_by(2) {
        assert_eq!(parts(&column(text, cells)), ["F 当社"], "{cells}");
    }
}

#[test]
fn columns_with_digits_and_latin_are_running_text() {
    let text = "公司于2021年\n3月与客户续\n签合同，金额\n共计35万元，\n并将承办人姓\n名和电话号码\n\
                存放在ABC服\n务器上。随后\n的调查证实，\n外部人员通过\nVPN取得数据，\n\
                负责人重新核\n对银行转账记\n录，收集全部\n42份文件送交\n总部备查。\n";
    assert_eq!(parts(text), ["F 公司"]);
}

#[test]
fn korean_words_that_the_edge_cuts_are_running_text() {
    let text = "회사는 지난달 계약을 체결하고 보고서를 제출하였으며, 담당 직원은 고객의 비밀번호와 \
                전화번호를 서버에 저장하였다. 이후 보안 점검에서 데이터 유출이 확인되어 프로젝트 \
                책임자가 은행 송금 내역을 다시 조사하였고 관련 서류를 모두 수집하여 본사에 \
                전달하였다고 밝혔다.";
    for cells in [14, 20, 24, 28, 34, 40, 60] {
        let lines = column(text, cells);
        // No program leaves blanks at the edge.
        let lines: Vec<&str> = lines.lines().map(str::trim).collect();
        assert_eq!(parts(&lines.join("\n")), ["F 회사"], "{cells}");
    }
}

#[test]
fn a_colon_in_a_sentence_is_no_speaker() {
    let text = "双方经过多次协商后，甲方代表张伟明确表示：本合同金额为三十万元，应当在签字之后十日\
                以内付清。乙方负责人李娜回答：公司目前资金周转困难，希望分两次支付，第一次在三月底以前。";
    for cells in (12..=60).step_by(2) {
        assert_eq!(parts(&column(text, cells)), ["F 双方"], "{cells}");
    }
}

#[test]
fn items_of_one_width_stay_lines() {
    let check = |text: &str| {
        assert!(parts(text).iter().all(|part| part.starts_with('L')), "{text} {:?}", parts(text));
    };
    check(
        "김지은 서울본부 대리\n이서준 부산본부 과장\n박하은 대구본부 부장\n최도윤 광주본부 사원\n",
    );
    check(
        "계약서 원본 검토 완료\n보고서 초안 작성 중단\n회의록 사본 배포 예정\n견적서 단가 확인 필요\n",
    );
    check(
        "경기도 수원시 영통구\n강원도 춘천시 석사동\n전라도 광주시 서석동\n충청도 대전시 유성구\n",
    );
    check("のり弁当特盛\nきのこ御飯小\nもやし炒め大\nたまご焼き上\n");
    check(
        "早发白帝城李白\n朝辞白帝彩云间，\n千里江陵一日还。\n两岸猿声啼不住，\n轻舟已过万重山。\n",
    );
    check("信息安全产品\n数据分析平台\n网络攻防系统\n舆情导控服务\n备注：不含税\n");
    check(
        "网络安全攻防平台\n移动终端取证系统\n舆情导控分析软件\n邮件远程提取工具\n数据综合查询中心\n",
    );
    check("甲方：我们三月付款\n乙方：请先寄发票来\n甲方：发票何时能到\n乙方：下周一定寄出\n");
    check("姓名：张伟\n单位：青河科技公司\n职务：法务部门经理\n地址：成都市武侯区\n");
}

/// Without a clause inside of a line, it is the end that tells a text from a menu.
#[test]
fn running_text_without_clauses_ends_somewhere() {
    let text = "请各位同事在下周三之前将所有已经签字盖章的纸质合同原件送到法务部门统一存档";
    for end in ["。", "备查", "备查用。"] {
        assert_eq!(parts(&column(&format!("{text}{end}"), 16)), ["F 请各"], "{end}");
    }
}

#[test]
fn short_items_stay_lines() {
    let check = |text: &str| {
        assert!(parts(text).iter().all(|part| part.starts_with('L')), "{text} {:?}", parts(text));
    };
    check("青河科技合同\n江北数据平台采购\n南山网络\n西岭软件维护协议\n东湖安全评估报告书\n");
    check("四川省成都市\n四川省绵阳市\n四川省德阳市\n四川省乐山市\n四川省宜宾市\n");
    check("成都市公安局\n绵阳市公安局\n德阳市公安局\n乐山市公安局\n宜宾市公安局\n");
    check("信息安全产品\n数据分析平台\n网络攻防系统\n移动终端取证\n舆情导控服务\n");
    check("床前明月光，\n疑是地上霜。\n举头望明月，\n低头思故乡。\n春眠不觉晓，\n处处闻啼鸟。\n");
    check("王强\n李小明\n欧阳建国\n林峰\n陈一\n");
    check("合同已经签了。\n款项已经付了。\n货物已经发了。\n发票已经开了。\n请您查收一下。\n");
    check("苹果两箱\n香蕉三十斤\n矿泉水五箱\n打印纸\n签字笔十支\n文件夹\n订书机一个\n");
    check("端口扫描\n漏洞利用工具\n邮件取证平台\n手机定位\n舆情监测系统\n");
}

#[test]
fn lists_ledgers_and_code_stay_lines() {
    let check = |text: &str| {
        assert!(parts(text).iter().all(|part| part.starts_with('L')), "{text} {:?}", parts(text));
    };
    check("青河科技有限公司\n江北数据有限公司\n南山网络有限公司\n西岭软件有限公司\n");
    check(
        "二〇二四年三月一日付款合同第一批一百万元整\n二〇二四年三月二日付款合同第二批一百万元整\n\
           二〇二四年三月三日付款合同第三批一百万元整\n",
    );
    check(
        "2024-03-01 支付青河科技有限公司合同款\n2024-03-02 支付江北数据有限公司合同款\n\
           2024-03-03 支付南山网络有限公司合同款\n",
    );
    check(
        "姓名  部门  电话  地址  说明  负责人名\n林峰  法务  一三九  四川  经理  负责签约\n\
           王强  财务  一三八  成都  会计  负责付款\n",
    );
    check(
        "王强：我已经把那份付款合同交给法务部的林经理了你有空看看\n\
           林峰：好的我今天下午就看看明天早上之前一定给你一个答复吧\n\
           王强：谢谢那就麻烦你了\n",
    );
    check("fn main() {\n    let a = 1;\n    println!(\"{a}\");\n}\n");
    check(&"d41d8cd98f00b204e9800998ecf8427e\n0cc175b9c0f1b6a831c399e269772661\n".repeat(4));
    check("合同已经签了。\n款项已经付了。\n货物已经发了，请查收，谢谢各位。\n");
}

#[test]
fn a_program_s_line_ends_are_taken_out() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(rejoined(text).as_deref(), expected, "{text}");
    };
    check(&format!("好的\n\n{}\n", hard(P, 38)), Some(&format!("好的\n\n{P}\n")));
    check("好的\n谢谢\n", None);
    check("plain\ntext\n", None);
}

proptest! {
    /// A word that the edge of a column cuts is one word, whatever stands before and behind.
    #[test]
    fn a_column_of_any_width_is_one_text(cells in 12usize..28, from in 0usize..40, lead in "(|通知\n\n|会议纪要\n|　　)") {
        let text: String = TALK.chars().skip(from).collect();
        let all = collect(column(&format!("{lead}{text}"), cells).as_bytes(), "note.txt");
        let normal: String = all
            .parts
            .iter()
            .map(|part| normal::normalize(all.part_text(part), normal::Mode::Text(part.wrap)).text)
            .collect();
        // Between Han and digits a line end may be a blank or nothing; both are found.
        let normal = normal.replace(fold::SOFT, "");
        let plain = normal::folded(&text);
        prop_assert!(normal.ends_with(&plain), "{normal}");
    }

    /// Parts are cut, nothing is changed, wherever the pieces of the text end.
    #[test]
    fn nothing_is_lost(text in "(合同款项交付已经完成的文件|a b|-|x-|\n|\n\n| |。|\t){0,60}", cut in 0usize..200) {
        let mut written = String::new();
        let mut wraps = Vec::new();
        let mut sink = |record| {
            match record {
                crate::extract::Record::Text(text) => written.push_str(&text),
                crate::extract::Record::Part { wrap, .. } => wraps.push(wrap),
                _ => {}
            }
            Ok(())
        };
        let mut out = Out::new(&mut sink, crate::extract::Limits::default());
        let mut body = Body::default();
        let cut = text.floor_char_boundary(cut.min(text.len()));
        for piece in [&text[..cut], &text[cut..]] {
            body.begin(piece);
            body.text(piece, &mut out).unwrap();
        }
        body.close(&mut out).unwrap();
        out.finish().unwrap();
        prop_assert_eq!(&written, &text);
        prop_assert!(wraps.windows(2).all(|pair| pair[0] != pair[1]), "parts of one kind are one");
    }
}
