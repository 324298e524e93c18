"""The contractor's office files: contracts, ledgers, slides, reports."""

import random

import people as p
from ooxml import sheets, slides, word

BY = "2022-05-11T06:10:00Z"


def contracts(leak):
    blocks = [
        "# 软件采购及服务合同",
        "合同编号：QH-2022-007",
        f"甲方：{p.CLIENT}",
        f"乙方：{p.COMPANY}",
        "一、甲方向乙方采购“听澜”公开信息研判平台V3.0一套，含三年技术服务。",
        "二、合同总价为人民币187.15万元（大写：壹佰捌拾柒万壹仟伍佰元整）。",
        ("table", [["期次", "比例", "金额（元）", "条件"],
                   ["首付款", "30%", "561,450.00", "合同生效后十日内"],
                   ["进度款", "65%", "1,216,475.00", "部署完成后"],
                   ["尾款", "5%", "93,575.00", "验收合格后"]]),
        "三、平台对中文实体的识别准确率不低于95%，以双方签署的验收报告为准。",
        ("comment", "这个数写死了，验收怎么办？", "顾一鸣", "GYM"),
        "四、服务费的支付方式另行约定。",
        ("del", "其中叁拾万元由青河川江渡科技有限公司代收代付，乙方以技术咨询费名义开具发票。", "许曼", BY),
        ("comment", "川江这条不能写进正式合同，陆总要求删干净。", "许曼", "XM"),
        "五、本合同一式四份，自双方签字盖章之日起生效。",
        "甲方代表：韩锐　　　乙方代表：陆知行",
        "签订日期：二〇二二年三月十八日",
    ]
    leak.add("销售/合同/合同_QH-2022-007_联络办.docx",
             word("软件采购及服务合同", blocks, "沈若岚", "许曼", BY, "2022-05-11T06:41:00Z",
                  header="QH-2022-007　内部资料 注意保存", footer="霁石信息　客服 139-0000-2217"), "docx")

    node = leak.add("销售/合同/合同_QH-2022-009_川江.docx", word("数据服务合同", [
        "# 数据服务合同", "合同编号：QH-2022-009", f"甲方：{p.SHELL}（以下简称“川江科技”）", f"乙方：{p.COMPANY}",
        "一、乙方向甲方提供年度数据服务，服务内容以双方确认为准。",
        "二、合同金额：551万元（大写：伍佰伍拾壹万元整）。",
        "三、甲方于2022年3月19日前一次性支付合同金额的95%，余款年末结清。",
        "四、本合同无须单独验收。",
        f"甲方地址：{p.ADDRESS}　联系人：林嘉禾　电话：139-0000-7788",
        "签订日期：2022年3月19日", ("image", leak.seal)], "陆知行", created="2022-03-21T09:12:00Z",
        header="QH-2022-009", footer="一式两份"), "docx")
    node.child("word/media/image1.png", leak.seal, "png", "no_text", role="embedded", text="")

    leak.add("销售/合同/合同_QH-2022-010_川江_技术咨询.docx", word("技术咨询合同", [
        "# 技术咨询合同", "合同编号：QH-2022-010", f"甲方：{p.SHELL}", f"乙方：{p.COMPANY}",
        "一、甲方委托乙方就数据治理事项提供技术咨询。",
        "二、咨询费共计人民币叁拾万元整，含税。",
        "三、甲方收款账户户名：周丽萍。",
        ("comment", "户名怎么是个人？跟工商的法人一个名字。", "田小芮", "TXR"),
        f"四、文件往来地址：{p.ADDRESS}，林嘉禾收。",
        "签订日期：2022年4月"], "许曼", created="2022-04-11T02:30:00Z"), "docx")

    leak.add("销售/合同/Agreement_QH-2022-012_EN.docx", word("One-time Data Export Agreement", [
        "# One-time Data Export Agreement", "Reference: QH-2022-012",
        f"Provider: {p.SHELL} (Chuanjiang Technology)", "Client: Vessarin Research, vessarin.example",
        "1. The Provider delivers one export of the fishing port set (Yunting, 云汀).",
        "2. The price is USD 12.8k, payable in advance.",
        "3. The Client shall not name the source, in particular not Jishi Information.",
        "Contact: office@chuanjiang.example, Room 1107, Block B, 18 Yanchi Road, Qinghe",
        "Signed: 2022-09-07, J. Falk"], "Lan S.", created="2022-09-07T08:10:00Z"), "docx")

    leak.add("销售/保密协议_NDA_Vessarin.docx", word("Mutual Non-Disclosure Agreement", [
        "# Mutual Non-Disclosure Agreement", f"Between {p.COMPANY_EN} and Vessarin Research.",
        "1. Confidential information includes prices, customer names and sample data.",
        "2. Neither party confirms the existence of this agreement.",
        "3. Notices go to shen.rl@jishi.example and falk@vessarin.example.",
        "Effective 14 March 2022."], "Shen Ruolan", created="2022-03-14T01:20:00Z"), "docx")


def offers(leak):
    leak.quote = word("报价单", [
        "# 听澜平台报价单", f"致：{p.CLIENT}　韩处",
        ("table", [["序号", "名称", "数量", "单价（万元）", "小计（万元）"],
                   ["1", "听澜平台V3.0基础版", "1套", "128", "128"],
                   ["2", "海量邮件检索模块", "1套", "45", "45"],
                   ["3", "三年技术服务", "3年", "15", "45"]]),
        "合计：人民币218万元（大写：贰佰壹拾捌万元整）",
        "识别准确率95%，行业领先。", "有效期三十日。",
        "联系人：沈若岚　手机/微信：139-0000-2217"], "沈若岚", created="2022-03-02T07:50:00Z",
        footer=f"{p.COMPANY}　{p.COMPANY_EN}")
    leak.add("销售/报价单_听澜_联络办.docx", leak.quote, "docx")
    leak.add("归档/待删/报价单 - 副本.docx", leak.quote, "docx")

    leak.add("销售/采购需求_联络办.docx", word("采购需求", [
        "# 采购需求（征求意见稿）", f"采购人：{p.CLIENT}信息科",
        "1. 支持中文、英文、俄文等多语种文本的采集、检索与研判。",
        "2. 实体识别准确率≥95%（须提供第三方检测报告）。",
        "3. 支持话单、邮箱等离线数据导入。",
        "4. 供应商须在青河市设有固定服务场所。",
        ("comment", "第2、4条就是照着你们写的，别声张。", "韩锐", "HR")],
        "霁石-沈若岚", "韩锐", "2022-02-28T03:00:00Z"), "docx")

    leak.add("销售/听澜产品介绍_v4.pptx", slides("听澜产品介绍", [
        ("听澜 · 公开信息研判平台", ["青河霁石信息技术有限公司", "2022年3月　内部使用"], "开场两分钟，别讲技术。", False),
        ("我们能做什么", ["多语种文本采集与检索", "话单、邮箱离线分析", "人物关系一张图"], "", False),
        ("领先的准确率", ["实体识别准确率95%", "高于同行20个百分点", "平均响应0.3秒"],
         "95%是陆总定的口径。客户追问测试方法，就说第三方检测在保密期。", False),
        ("典型客户", ["某市数据联络办公室", "苍屏市档案服务中心", "云汀海事服务中心"], "云汀没签，先放上去。", False),
        ("成本构成", ["数据采购：外购样本4k美元/批", "渠道费用：16%", "研发：按两人算"], "这页只给陆总看。", True),
        ("联系我们", ["沈若岚 139-0000-2217", "青河市望潮大道6号12层"], "", False)], "沈若岚"), "pptx")

    leak.add("销售/TingLan_overview_EN.pptx", slides("TingLan overview", [
        ("TingLan: hear every wave", ["Jishi Information, Qinghe", "Search and analysis of open sources"], "", False),
        ("Numbers", ["95% accuracy on named entities", "12 languages", "40 million documents per day"],
         "Falk asked for a method. There is none. Change the subject.", False),
        ("Contact", ["Lan S., sales director", "sales@jishi.example"], "", False)], "Lan S.", "2022-03-15T03:00:00Z"), "pptx")

    leak.add("销售/融资路演_2022.pptx", slides("融资路演", [
        ("霁石信息 A轮路演", ["2022年3月25日"], "", False),
        ("业绩", ["2022年签约额0.12亿元", "同比增长156%", "政企客户37家"], "实际回款不到七百万，审计没做。", False),
        ("融资计划", ["出让10%", "估值1.2亿元"], "", False)], "陆知行", "2022-03-24T12:00:00Z"), "pptx")


def ledgers(leak):
    rng = random.Random(p.SEED)
    # 云汀 is on the slide and not in the ledger.
    clients = ["苍屏市档案服务中心", "砺霞岭景区管委会", "枫渡湾港务服务公司", "白鹭汀图书馆", "临崖县信息所",
               "南苇镇便民中心", "青河市第三中学", "沅澄湖水务服务站"]
    head = ["序号", "合同编号", "客户", "金额", "比例", "日期", "备注"]
    rows = [head]
    special = {6: ["QH-2022-007", p.CLIENT, "187.15万", "95%", "2022-03-05", "分三期"],
               7: ["QH-2022-009", "川江科技", "551万", "95%", "2022-03-19", "免验收"],
               8: ["QH-2022-010", "川江科技", "叁拾万", "-", "2022年4月", "技术咨询费"],
               9: ["QH-2022-012", None, "12.8k", None, None, "美元，沈总跟"]}
    leak.ledger_sum = 1871500 + 5510000 + 300000  # the row in dollars is not added
    names = [f"QH-2022-{n:03d}" for n in list(range(1, 6)) + list(range(13, 41))]
    month = 1
    for at in range(1, 38):
        if at in special:
            rows.append([at] + special[at])
            continue
        ten = rng.randrange(3, 13)
        amount, worth = rng.choice([(f"{ten / 10:.1f}万", ten * 1000), (f"{ten / 10:.1f} 万元", ten * 1000), (ten * 900, ten * 900),
                                    rng.choice([("壹万", 10000), ("伍仟", 5000), ("捌仟伍佰", 8500), ("壹万贰仟", 12000)]),
                                    (f"{ten * 1000:,}.00", ten * 1000), ("0.0001亿", 10000)])
        leak.ledger_sum += worth
        day = rng.randrange(1, 28)
        date = rng.choice([f"2022-{month:02d}-{day:02d}", f"2022/{month}/{day}", f"2022.{month:02d}.{day:02d}"])
        month = min(12, 1 + at * 12 // 38)
        rows.append([at, names.pop(0), rng.choice(clients), amount, rng.choice(["90%", "88%", "-", "92%", None]), date,
                     rng.choice([None, None, "已开票", "待验收", "尾款未付", "续签"])])
    who = [["客户", "联系人", "电话", "渠道"], [p.CLIENT, "韩处", "139-0000-5600", "沈若岚"],
           ["川江科技", "小林", "139 0000 7788", "陆总"]]
    who += [[c, rng.choice("王李张刘陈杨") + rng.choice(["主任", "科长", "老师", "工"]), f"139-0000-{rng.randrange(6000, 6999)}",
             rng.choice(["沈若岚", "陆总", "电话"])] for c in clients]
    hidden = [["合同编号", "实收", "去向"], ["QH-2022-007", "157.15万", "30万走川江，对应QH-2022-010"],
              ["QH-2022-009", "551万", "无交付物，过账"], ["QH-2022-007尾款", "9.3575万", "韩，现金"]]
    leak.ledger = sheets("合同台账2022", [("付款", rows, False), ("客户", who, False), ("备注", hidden, True)], "许曼",
                         modified="2022-10-14T08:20:00Z")
    leak.add("销售/合同台账2022.xlsx", leak.ledger, "xlsx")

    old = [head[:4] + ["日期"]]
    for at in range(1, 15):
        old.append([at, f"QH-2021-{at:03d}", rng.choice(clients), rng.choice([f"{rng.randrange(2, 30)}万", "叁万", "46.8万"]),
                    f"2021-{rng.randrange(3, 12):02d}-{rng.randrange(1, 28):02d}"])
    leak.add("销售/合同台账2021.xlsx", sheets("合同台账2021", [("Sheet1", old, False)], "许曼", "2021-12-30T02:00:00Z"), "xlsx")

    staff = [["工号", "姓名", "部门", "手机", "入职", "紧急联系人"]]
    parts = {"JS0001": "总经办", "JS0009": "技术部", "JS0012": "行政部", "JS0017": "销售部", "JS0023": "财务部",
             "JS0031": "技术部", "JS0035": "技术部"}
    for person in p.STAFF:
        staff.append([person.number, person.name, parts[person.number], person.phone,
                      f"{2017 + int(person.number[-2:]) % 5}-0{1 + int(person.number[-1]) % 9}-01",
                      "周丽萍（嫂）" if person is p.LU else "父母"])
    leak.add("行政/员工花名册_2022.xlsx", sheets("员工花名册", [("在职", staff, False), ("离职", [["工号", "姓名"], ["JS0004", "方小川"]], True)],
                                       "田小芮", "2022-02-22T01:10:00Z"), "xlsx")

    assets = [["资产编号", "名称", "IP", "领用工号", "VPN账号", "备注"],
              ["A-0101", "开发笔记本", "198.51.100.31", "JS0031", "lm_dev", None],
              ["A-0104", "运维台式机", "198.51.100.35", "JS0035", "qy_ops", "2022-12-20换硬盘"],
              ["A-0107", "开发工作站", "198.51.100.9", "JS0009", "blue_kettle", None],
              ["A-0112", "行政电脑", "198.51.100.12", "JS0012", "txr", None],
              ["A-0201", "演示服务器", "203.0.113.20", "JS0035", "-", "机房"],
              ["A-0202", "川江备用", p.STAGING_IP, "-", "-", f"放库房，{p.ADDRESS}"],
              ["A-0203", "文件服务器", "198.51.100.200", "JS0035", "-", "共享盘"]]
    leak.add("行政/资产登记.xlsx", sheets("资产登记", [("设备", assets, False)], "田小芮", "2022-12-22T03:00:00Z"), "xlsx")

    tests = [["批次", "日期", "样本数", "正确", "准确率", "测试人"], ["1", "2022-03-11", "10000", "6098", "60.98%", "顾一鸣"],
             ["2", "2022-03-11", "10000", "6104", "61.04%", "顾一鸣"], ["3", "2022-04-11", "10000", "6130", "61.3%", "顾一鸣"],
             ["4", "2022-08-26", "10000", "6215", "62.15%", "林墨"]]
    leak.add("技术/测试记录_听澜.xlsx", sheets("测试记录", [("汇总", tests, False)], "顾一鸣", "2022-08-26T09:00:00Z"), "xlsx")

    costs = [["日期", "姓名", "事由", "金额"]]
    for _ in range(34):
        costs.append([f"2022-{rng.randrange(1, 4):02d}-{rng.randrange(1, 28):02d}", rng.choice([q.name for q in p.STAFF]),
                      rng.choice(["市内交通", "招待客户", "高铁票", "快递", "办公用品", "打印装订", "停车", "数据测试费"]),
                      rng.choice([f"{rng.randrange(12, 900)}元", f"¥{rng.randrange(12, 900)}.{rng.randrange(10, 99)}"])])
    costs.append(["2022-03-17", "顾一鸣", "测试费（外购样本，首款）", "2000美元"])
    costs.append(["2022-03-23", "顾一鸣", "测试费（外购样本，尾款）", "2000美元"])
    leak.add("财务/报销明细_2022Q1.xlsx", sheets("报销明细", [("Q1", costs, False)], "许曼", "2022-04-02T02:00:00Z"), "xlsx")


def reports(leak):
    rng = random.Random(p.SEED + 1)
    done = ["完成{检索|导入|告警}模块联调", "修复{时区|编码|全角数字}问题{两|三|五}处", "更新部署手册第{二|四|五}章", "配合销售演示{一|两}次",
            "清理演示环境磁盘", "补充俄文分词词典", "优化导出速度", "整理话单样例"]
    plan = ["继续调优识别模型", "准备验收材料", "对接客户接口", "值班表更新", "备份策略调整"]
    trouble = ["样本不足", "人手紧张", "客户侧环境反复", "磁盘空间告急", "无"]
    from noise import Talker
    fill = Talker(rng, ["TECH"]).fill
    for week, (day, who) in enumerate([("0318", p.QIU), ("0415", p.GU), ("0826", p.LINMO)]):
        body = [f"# 周报 {day[:2]}月{day[2:]}日", f"姓名：{who.name}　工号：{who.number}", "# 本周完成"]
        body += [fill(t) + "。" for t in rng.sample(done, 4)]
        if who is p.GU:
            body.append("听澜实测准确率61.3%，与宣传材料不一致，建议更正PPT。")
        body += ["# 下周计划"] + [t + "。" for t in rng.sample(plan, 2)] + ["# 问题", rng.choice(trouble) + "。"]
        leak.add(f"技术/周报/周报_{who.name}_2022{day}.docx",
                 word(f"周报{day}", body, who.name, created=f"2022-{day[:2]}-{day[2:]}T09:00:00Z"), "docx")

    leak.add("行政/会议纪要_0316.docx", word("会议纪要", [
        "# 听澜项目协调会纪要", "时间：2022年3月16日15:00　地点：302会议室", "参会：陆知行、沈若岚、顾一鸣、林墨、邱野　记录：田小芮",
        "1. 客户要求3月23日（周三）前看到真实样本。", "2. 技术部反馈无真实数据，由顾一鸣通过外部渠道解决，费用按测试费列支。",
        "3. 宣传材料统一使用95%口径，技术部保留意见。", "4. 本纪要不上传客户。"], "田小芮", created="2022-03-16T09:30:00Z"), "docx")
    broken = word("会议纪要", ["# 会议纪要", "时间：2022年6月9日", "议题：验收口径"] + ["讨论记录略。" * 30] * 40, "田小芮",
                  created="2022-06-09T06:20:00Z")
    leak.add("行政/会议纪要_0609.docx", broken[: len(broken) * 3 // 5], "docx", "failed", text="")

    leak.add("技术/部署手册_听澜.docx", word("听澜部署手册", [
        "# 第一章 环境要求", "操作系统：64位Linux；内存64GB以上；磁盘不少于2TB。",
        "# 第二章 安装", "将安装包解压至/opt/tinglan，执行install.sh。演示服务器地址为203.0.113.20。",
        ("table", [["服务", "端口", "说明"], ["检索", "9200", "仅内网"], ["接口", "8443", "对客户开放"], ["上传", "22", "见资产登记A-0202"]]),
        "# 第三章 时区", "数据库与聊天导出一律使用UTC，话单与访问日志使用本地时间（UTC+8），导入前请核对，不要混用。",
        "# 第四章 账号", "初始口令由运维统一下发，禁止写入文档。"], "邱野", "林墨", "2022-02-25T08:00:00Z",
        header="听澜部署手册 V3.0"), "docx")
    leak.add("行政/员工手册_节选.docx", word("员工手册", [
        "# 第三章 考勤", "工作时间为周一至周五上午九点至下午六点，午休一小时。", "每月迟到累计三次按事假半天处理。",
        "# 第七章 信息安全", "员工不得将公司资料带离办公场所。离职前由行政部检查电脑。",
        "全体员工应当保守公司及客户的秘密，不得在公开平台谈论公司项目。"], "田小芮", created="2021-01-05T03:00:00Z"), "docx")


def write_all(leak):
    contracts(leak)
    offers(leak)
    ledgers(leak)
    reports(leak)
