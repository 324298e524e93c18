use super::*;
use crate::extract::collect::collect;
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
