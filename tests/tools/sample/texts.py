"""Plain files: notes in old encodings, logs, lists, pages, code, and the older office formats."""

import io
import random
import zipfile
from datetime import datetime, timedelta

import people as p

VICTIMS = [  # invented organisations, all under .example
    ("云汀渔港服务中心", "Yunting Fishing Port Service", "port.yunting.example", "海事", "是", "2.3G邮箱"),
    ("蓝角航运", "Bluehorn Shipping", "bluehorn.example", "海事", "是", "通讯录"),
    ("诺尔瓦湾引航站", "Norvane Bay Pilots", "pilots.norvane.example", "海事", "否", ""),
    ("泰泽大学海洋系", "Teze University, Marine Dept", "marine.teze.example", "高校", "是", "论文库"),
    ("奥兰尼亚电信", "Orannia Telecom", "orannia-tel.example", "电信", "是", "话单样例"),
    ("卡苏林邮政", "Kasurin Post", "kasurin-post.example", "邮政", "否", ""),
    ("热尔马港海关咨询", "Port Zhelma Customs Advisers", "portzhelma.example", "海事", "否", "谈过价"),
    ("乌林瓦湾渔业工会", "Ullinvar Bay Fishers Union", "ullinvar-union.example", "社团", "是", "成员名单"),
    ("赛隆能源", "Sairon Energy", "sairon.example", "能源", "否", ""),
    ("米拉托诊所", "Mirato Clinics", "mirato.example", "医疗", "否", "不碰"),
    ("维萨林研究所", "Vessarin Research", "vessarin.example", "咨询", "否", "自己人"),
    ("乌姆布拉旅行社", "Umbrasund Travel", "umbrasund.example", "旅游", "是", "订单"),
    ("瓦罗峡水电", "Varrow Gorge Hydro", "varrowgorge.example", "能源", "否", ""),
    ("托尔玛日报", "Tolma Daily", "tolma-daily.example", "媒体", "是", "编辑部邮箱"),
    ("佩拉莫岛图书馆", "Pellamo Island Library", "pellamo-library.example", "机构", "否", ""),
]


def notes(leak):
    leak.add("00_说明.txt", (
        "这个文件夹是从青河霁石的共享盘和几台手机里出来的，没有改过。\n"
        "合同看台账，台账看隐藏的那页，人看聊天。\n"
        "微信那些表的时间不是北京时间，别看错。缺的不是没说话，是没导出来。\n"
        "95%是假的。\n\n水开了。\n").encode(), "txt")
    leak.add("销售/客户回访记录.txt", (
        "客户回访记录（2022年，公司内部）\r\n\r\n"
        "2月28日　联络办韩处：需求书已发，要求识别准确率写95％，价格再谈。\r\n"
        "4月13日　联络办韩处：自测只有六成，情绪较大。答复：模型仍在调优。\r\n"
        "6月20日　苍屏市档案服务中心：续签意向明确，报价２２万。\r\n"
        "7月 5日　云汀海事服务中心：未采购，仅试用，不得列为客户。\r\n"
        "9月 5日　联络办魏工：报表显示62％，已安抚。\r\n"
        "10月13日 联络办韩处：验收单已签。\r\n").encode("gb18030"), "txt")
    leak.add("归档/旧往来_繁體.txt", (
        "陸總鈞鑒：\r\n\r\n"
        "貴公司所詢之港口郵件資料，敝處尚有存貨，價格可議。\r\n"
        "惟前次款項新台幣貳拾萬元迄今未付，請先結清。\r\n"
        "清河霽石若仍由川江轉帳，請註明合約編號，以免混淆。\r\n\r\n"
        "順頌商祺\r\n　　　　　　　　　　林\r\n　　　　　　　　　　二〇二一年十一月二日\r\n").replace("〇", "○").encode("big5"), "txt")
    leak.add("技术/训练数据说明.txt", ("\ufeff训练数据说明\r\n\r\n共四批，合计40000条，全部为人工编造，没有真实数据。\r\n"
                                "标注人：外包（按条计费，0.3元/条）。\r\n复核：无。\r\n").encode("utf-16-le"), "txt")
    leak.add("技术/TODO.md", (
        "# TODO\n\n- [x] 话单导入\n- [ ] 俄文分词\n- [ ] 去重：同一封邮件从三个邮箱导出算三次\n- [ ] 把 95% 从登录页删掉（老顾）\n\n"
        "| 模块 | 负责人 | 进度 |\n| --- | --- | --- |\n| 检索 | 林墨 | 80% |\n| 识别 | 顾一鸣 | 61% |\n| 运维 | 邱野 | 100% |\n").encode(), "md")
    leak.add("技术/TingLan_install_notes.md", (
        "# Install notes\n\n1. unpack `tinglan-3.0.tar` to /opt/tinglan\n2. edit config.ini, staging is 203.0.113.86\n"
        "3. never commit the key\n\nQuestions: kettle (ask for hot water)\n").encode(), "md")
    leak.add("财务/付款提醒.txt", (
        "许姐：\n1. 007首付561,450.00元，其中300000元川江已付，差额261,450.00元找联络办要。\n"
        "2. 川江551万分三笔：200万、200万、151万。\n3. 佛龛、茶叶、海鲜共１２，８００元，走招待费。\n4. 伍万元备用金还在老韩那。\n").encode(), "txt")
    leak.add("行政/值班表_国庆.txt", (
        "国庆值班（10月1日-7日）\n全员放假，群里不用回复。紧急情况打田小芮 139-0000-1212。\n").encode("gb18030"), "txt")


def lists(leak):
    rows = ["编号,名称,英文名,域名,行业,是否已获取,备注"]
    rows += [f"{n},{','.join(v)}" for n, v in enumerate(VICTIMS, 1)]
    leak.targets = ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
    leak.add("销售/目标清单_样本.csv", leak.targets, "csv")
    leak.add("归档/待删/list_final(1).csv", leak.targets, "csv")

    rng = random.Random(p.SEED + 2)
    rows = ["日期,姓名,单位,电话,被访人,进,出"]
    for day in ("2022-02-28", "2022-03-07", "2022-03-14", "2022-04-13", "2022-05-11", "2022-06-20"):
        rows.append(f"{day},{rng.choice(['马师傅', '快递', '装修', '保洁'])},-,-,行政,{rng.randrange(8, 11)}:05,{rng.randrange(11, 17)}:30")
    rows.append("2022-03-07,韩锐,联络办,13900005600,沈若岚,14:10,15:55")
    rows.append("2022-04-14,韩锐,联络办,13900005600,陆知行,09:30,11:20")
    rows.append("2022-05-20,小林,川江,13900007788,许曼,09:20,09:31")
    leak.add("行政/访客登记.csv", ("\r\n".join(rows) + "\r\n").encode("gb18030"), "csv")

    leak.add("技术/接口字段.tsv", (
        "字段\t类型\t说明\nmsg_id\tstring\t消息编号\nts_utc\tint\tUTC秒\nsender\tstring\t账号，非姓名\nscore\tfloat\t置信度，展示时一律加30\n").encode(), "tsv")


def logs(leak):
    rng = random.Random(p.SEED + 3)
    when = datetime(2022, 3, 17, 9, 58, 2)
    rows = ["# call detail sample, times +0800, all subscribers invented"]
    while len(rows) < 130:
        when += timedelta(seconds=rng.randrange(7, 40))
        if rows[-1].startswith("2022-03-17 10:20") and "QUERY" not in "".join(rows):
            rows.append("2022-03-17 10:20:41|QUERY|demo0418|198.51.100.35|13900000418|ok")
            continue
        rows.append(f"{when:%Y-%m-%d %H:%M:%S}|{rng.choice(['MO', 'MT', 'SMS'])}|1390000{rng.randrange(1000, 9999)}|1390000{rng.randrange(1000, 9999)}|"
                    f"LAC{rng.randrange(100, 180)}-CI{rng.randrange(1000, 9999)}|{rng.randrange(1, 600)}")
    leak.add("技术/样例/cdr_sample_20220317.log", ("\n".join(rows) + "\n").encode(), "log")

    rows = ["imsi,time,lac,ci,lat,lon"]
    for n in range(60):
        rows.append(f"00101000000{n % 7:04d},2022-03-17T{9 + n // 20:02d}:{n * 3 % 60:02d}:00+08:00,{100 + n % 5},{4000 + n},"
                    f"{12.5 + n * 0.001:.4f},{-38.2 - n * 0.002:.4f}")
    leak.add("技术/样例/lbs_sample.csv", ("\n".join(rows) + "\n").encode(), "csv")

    rows = []
    when = datetime(2022, 3, 22, 21, 10, 0)
    for n in range(90):
        when += timedelta(seconds=rng.randrange(4, 60))
        rows.append(f'203.0.113.{rng.choice([20, 21, 44])} - - [{when:%d/%b/%Y:%H:%M:%S} +0800] "GET /api/v3/search?q=demo{n} HTTP/1.1" '
                    f'{rng.choice([200, 200, 200, 304, 502])} {rng.randrange(200, 90000)}')
    rows.insert(26, '192.0.2.77 - tl_in [22/Mar/2022:21:28:10 +0800] "PUT /in/harbor_mail.tar HTTP/1.1" 201 2469606195')
    rows.insert(40, '198.51.100.9 - blue_kettle [22/Mar/2022:21:34:02 +0800] "GET /in/harbor_mail.tar HTTP/1.1" 200 2469606195')
    leak.add("技术/日志/access_203.0.113.86.log", ("\n".join(rows) + "\n").encode(), "log")

    rows = ["time_utc            user    client          op    path"]
    when = datetime(2022, 12, 20, 10, 47, 3)
    for name in ("合同/合同_QH-2022-007_联络办.docx", "合同/合同_QH-2022-009_川江.docx", "合同/合同_QH-2022-010_川江_技术咨询.docx",
                 "合同台账2022.xlsx", "融资路演_2022.pptx", "听澜产品介绍_v4.pptx", "归档/private.zip"):
        rows.append(f"{when:%Y-%m-%dT%H:%M:%SZ}  JS0009  198.51.100.35   READ  /share/{name}")
        when += timedelta(seconds=rng.randrange(20, 200))
    rows.append("2022-12-20T11:05:44Z  JS0009  198.51.100.35   LOGOUT -")
    leak.add("技术/日志/fileserver_2022-12-20.log", ("\n".join(rows) + "\n").encode(), "log")


def pages(leak):
    leak.add("技术/接口说明.html", (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>听澜接口说明</title>'
        "<style>td{border:1px solid}</style><script>var build='不应出现';</script></head><body><h1>听澜接口说明</h1>"
        "<p>调用地址：https://api.jishi.example:8443/v3/search</p><table><tr><th>参数</th><th>说明</th></tr>"
        "<tr><td>q</td><td>检索词，支持中文</td></tr><tr><td>tz</td><td>时区，缺省为UTC</td></tr></table>"
        "<p>返回字段score为展示值，<b>不是</b>实际置信度。</p></body></html>").encode("gb2312"), "html")
    leak.add("归档/网页/青河日报_20220901.html", (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>青河日报</title></head><body><h2>我市数据服务企业获评优秀</h2>'
        "<p>本报讯　日前，青河霁石信息技术有限公司凭借“听澜”平台获评年度优秀数据服务企业。总经理陆知行表示，平台识别准确率达到95%。</p>"
        "<p>据悉，青河川江渡科技有限公司同获表彰，其法定代表人周丽萍未出席。</p></body></html>").encode(), "html")
    leak.add("技术/代码/config.ini", (
        "[server]\nhost = 203.0.113.86\nport = 22\nuser = tl_in\n; key in mail\n\n[display]\nscore_offset = 30\n").encode(), "ini")
    leak.add("技术/代码/query_demo.py", (
        '"""话单查询演示"""\nOFFSET = 30  # 展示分数一律加30，销售要求\n\n\ndef show(score):\n    return min(99, score + OFFSET)\n').encode(), "py")
    leak.add("技术/代码/backup.sh", b"#!/bin/sh\n# nightly copy of the share; clock of this box is UTC\nrsync -a /share/ backup@198.51.100.200:/b/\n", "sh")
    leak.add("技术/代码/api_test.json", (
        '{"name": "听澜接口测试", "cases": [{"q": "港口", "expect": 12}, {"q": "渔业", "expect": 7}], "note": "样本来自外购批次"}\n').encode(), "json")
    leak.add("技术/代码/sitemap.xml", (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset><url><loc>https://www.jishi.example/听澜</loc></url>'
        "<url><loc>https://www.jishi.example/客户案例</loc></url></urlset>\n").encode(), "xml")
    leak.add("技术/日志/placeholder.log", b"", "log", "empty")
    leak.add("技术/license.dat", bytes(random.Random(7).randrange(256) for _ in range(900)) + b"\0" * 60, "dat", "unsupported")


def rtf(text):
    out = []
    for c in text:
        if c == "\n":
            out.append("\\par\n")
        elif ord(c) < 128:
            out.append("\\" + c if c in "\\{}" else c)
        else:
            out.append(f"\\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?")
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0 SimSun;}}\\f0\\fs24 " + "".join(out) + "}").encode("ascii")


def odf(mime, body, meta):
    names = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
             'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
             'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" office:version="1.2"')
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    files = {
        "mimetype": mime,
        "content.xml": f"{head}<office:document-content {names}><office:body>{body}</office:body></office:document-content>",
        "meta.xml": f"{head}<office:document-meta {names}><office:meta><meta:initial-creator>{meta}</meta:initial-creator>"
                    f"<meta:creation-date>2022-03-04T03:00:00</meta:creation-date></office:meta></office:document-meta>",
        "META-INF/manifest.xml": f'{head}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
                                 f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
                                 '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
                                 '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, text in files.items():
            info = zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            z.writestr(info, text.encode())
    return out.getvalue()


def older(leak):
    lease = ("房屋租赁协议\n出租方：望潮大厦物业（虚构）\n承租方：青河霁石信息技术有限公司\n"
             f"租赁标的：{p.ADDRESS}，面积38平方米，用途：库房。\n租金：每月壹仟贰佰元整。\n"
             "租期：2021年1月1日至2023年12月31日。\n承租方经办人：田小芮　139-0000-1212\n")
    leak.add("行政/租赁协议_库房.rtf", rtf(lease), "rtf", text=lease)

    words = ["投标承诺书", f"致：{p.CLIENT}", "我公司承诺所投“听澜”平台识别准确率不低于95%，如有虚假，愿承担一切责任。",
             "我公司与其他投标人不存在关联关系。", "其他投标人：青河川江渡科技有限公司、苍屏瑞禾数据服务部。", "承诺人：陆知行　2022年3月4日"]
    body = "<office:text>" + "".join(f"<text:p>{w}</text:p>" for w in words) + "</office:text>"
    leak.add("销售/投标承诺书.odt", odf("application/vnd.oasis.opendocument.text", body, "沈若岚"), "odt", text="\n".join(words))

    rows = [["日期", "物品", "数量", "签收"], ["2022-03-10", "合同文本（川江）", "2", "林嘉禾"], ["2022-05-20", "发票", "3", "许曼"],
            ["2022-06-14", "纸箱", "6", "林嘉禾代收"], ["2022-08-02", "服务器（川江备用）", "1", "邱野"]]
    cells = "".join("<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row) + "</table:table-row>" for row in rows)
    body = f'<office:spreadsheet><table:table table:name="1107库房"><table:table-column table:number-columns-repeated="4"/>{cells}</table:table></office:spreadsheet>'
    leak.add("行政/库房出入_1107.ods", odf("application/vnd.oasis.opendocument.spreadsheet", body, "田小芮"), "ods",
             text="\n".join("\t".join(r) for r in rows))

    import xlwt
    book = xlwt.Workbook(encoding="utf-8")
    tab = book.add_sheet("发票登记")
    rows = [["开票日期", "购方", "项目", "金额", "大写"], ["2022-03-11", "川江科技", "技术咨询费", "300,000.00", "叁拾万元整"],
            ["2022-03-22", "川江科技", "数据服务费", "5,234,500.00", "伍佰贰拾叁万肆仟伍佰元整"],
            ["2022-05-12", "青河市数据联络办公室", "软件", "561,450.00", "伍拾陆万壹仟肆佰伍拾元整"],
            ["2022-09-20", "-", "export fee", "USD 12,800.00", "-"]]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            tab.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    leak.add("财务/发票登记.xls", out.getvalue(), "xls", text="\n".join("\t".join(r) for r in rows))


def write_all(leak):
    notes(leak)
    lists(leak)
    logs(leak)
    pages(leak)
    older(leak)
