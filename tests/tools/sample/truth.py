"""The story's answers, written down as data for the tests."""

import re
from collections import OrderedDict

import people as p
from leak import names, normal


class Unit:
    """What a search counts: a document or a message."""

    def __init__(self, text, **more):
        self.text = [normal(line) for line in re.split(r"[\n\r]+", text)]
        self.__dict__.update(more)

    def named(self, term):
        """As `has`, in the names of a document: its paths, and what an office file says of itself."""
        return Unit("\n".join(getattr(self, "names", []))).has(term)

    def has(self, term):
        """Han: a substring of a line. Other words stand at word edges."""
        term = normal(term)
        left = r"(?<![0-9a-zа-яё])" if re.match(r"[0-9a-zа-яё]", term) else ""
        right = r"(?![0-9a-zа-яё])" if re.search(r"[0-9a-zа-яё]$", term) else ""
        return any(re.search(left + re.escape(term) + right, line) for line in self.text)


def units(leak):
    docs = OrderedDict()
    given = {n.sha: n.given for n in leak.places() if n.given is not None}
    for node in leak.places():
        key = node.sha or node.path
        if key in docs:
            docs[key].paths.append(node.path)
            docs[key].names.append(normal(node.path))
            continue
        if node.given is None and node.sha in given:
            node.given = given[node.sha]
        docs[key] = Unit(node.text() if node.state == "read" else "", names=[normal(n) for n in [node.path, *names(node)]], unit="document", paths=[node.path], type=node.kind,
                         state=node.state, child=node.parent is not None, sender="", conversation="", platform="")
    out = list(docs.values())
    for row in leak.kept():
        out.append(Unit(row["text"], unit="message", paths=[row["path"]], type="", state="", child=False, sender=row["sender"] or "",
                        conversation=row["conversation"], platform=row["platform"], time=row["time"]))
    return out


def at(leak, path, start):
    """Names a message of the story by file, raw time and sender."""
    rows = [m for m in leak.messages if m["path"].endswith(path) and m["text"].startswith(start)]
    assert len(rows) == 1, (path, start, len(rows))
    row = rows[0]
    return f"{row['path']} @ {row['raw']} @ {row['sender']}"


def write(out, name, head, rows):
    for row in rows:
        assert len(row) == len(head) and not any("\t" in str(c) or "\n" in str(c) for c in row), row
    (out / name).write_text("".join("\t".join(str(c) for c in row) + "\n" for row in [head, *rows]), encoding="utf-8")


def documents(leak, out):
    def clean(path):
        return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in path)

    # The bytes of a mail in a mailbox depend on where the reader cuts; its hash is not stated.
    rows = [(clean(n.path), n.kind, n.state, n.role or "-", len(n.data) if n.data is not None else "-",
             n.sha if n.role != "mail" and n.sha else "-") for n in leak.places()]
    write(out, "story_documents.tsv", ["path", "type", "state", "role", "bytes", "sha256"], rows)


def conversations(leak, out):
    groups = OrderedDict()
    for row in leak.messages:
        groups.setdefault((row["platform"], row["conversation"]), []).append(row)
    kept = leak.kept()
    rows = []
    for (platform, name), found in groups.items():
        mine = [m for m in kept if (m["platform"], m["conversation"]) == (platform, name)]
        distinct = {(m["raw"], m["sender"], m["text"], m["kind"]) for m in mine}
        times = sorted(m["time"] for m in mine)
        rows.append((platform, name, found[0]["conversation_kind"], len({m["path"] for m in found}), len(found), len(mine), len(distinct),
                     sum(m["kind"] in ("empty", "media") and not m["text"] for m in mine), sum(m["kind"] == "system" for m in mine),
                     len({m["sender"] for m in mine if m["sender"]}), times[0], times[-1]))
    write(out, "story_conversations.tsv", ["platform", "conversation", "kind", "files", "records", "messages", "distinct", "without_text",
                                           "system", "participants", "first", "last"], rows)


def story(leak, out):
    every = units(leak)
    kept = leak.kept()
    places = list(leak.places())
    docs = [u for u in every if u.unit == "document"]
    rows = []

    def row(ident, feature, question, query, total, must, answer):
        rows.append((ident, feature, question, query, total, " ; ".join(must), answer))

    def find(ident, question, query, test, must, answer, feature="search"):
        hits = [u for u in every if test(u)]
        assert hits, ident
        for item in must:
            path = item.split(" @ ")[0]
            assert any(path in u.paths for u in hits), (ident, path)
        row(ident, feature, question, query, len(hits), must, answer)

    def count(key, question, total, answer, must=()):
        row("count_" + key, "ingest", question, key, total, must, answer)

    # --- what the case must count
    distinct = {(m["platform"], m["conversation"], m["raw"], m["sender"], m["text"], m["kind"]) for m in kept}
    unreadable = [u for u in docs if u.state in ("failed", "encrypted", "over_limit", "unsupported")]
    count("documents", "How many different contents are there?", len(docs), "Distinct contents, children of containers and mails included.")
    count("places", "In how many places do they lie?", len(places), "Files, members, attachments and mails of the mailbox.")
    inside = {n.sha or n.path for n in places if n.parent is not None}
    count("children", "How many documents came out of others?", len(inside),
          "Members, attachments, mails, one gzip stream, one image in a contract; some lie free as well.")
    count("messages", "How many chat messages?", len(kept), "The overlap of two exports is kept once; what one file repeats is counted.")
    row("records", "chat", "How many records do the export files hold?", "records", len(leak.messages), "",
        "Before the overlap of 01.md and 01_三月.md is taken out.")
    count("distinct_messages", "How many of them are different?", len(distinct), "Four rows of the group's export stand twice.")
    count("conversations", "How many conversations?", len({(m["platform"], m["conversation"]) for m in kept}), "Two exports of 陆 ↔ 沈 and two of 沈 ↔ 韩 are one each.")
    count("participants", "How many accounts?", len({(m["platform"], m["sender"]) for m in kept if m["sender"]}), "Accounts, not persons: the system account is none.")
    count("unreadable", "What could not be read?", len(unreadable), "One cut off docx (failed), the member of private.zip (encrypted), license.dat (unsupported).",
          [u.paths[0] for u in unreadable])
    count("no_text", "What has something to see but no text?", sum(u.state == "no_text" for u in docs), "Scanned pages, a screenshot, a photo, a stamp in a contract.")
    count("empty", "What is empty?", sum(u.state == "empty" for u in docs), "One log of zero bytes.", ["技术/日志/placeholder.log"])
    twice = [u for u in docs if len(u.paths) > 1]
    find("duplicates", "What lies in more than one place?", "is:duplicate", lambda u: len(u.paths) > 1 and u.unit == "document",
         [u.paths[0] for u in twice], "The quote (3 places), the target list, the ledger, the white paper, the acceptance report.")
    for ident, kind in (("messages_without_text", "empty"), ("system_lines", "system")):
        row(ident, "chat", f"How many messages are of the kind {kind}?", kind, sum(m["kind"] == kind for m in kept), "", "")

    # --- what a search must find
    wx1, wx2, wx3, wx4, wx5, wx6 = (f"聊天/微信/0{n}.md" for n in range(1, 7))
    more = "聊天/微信_补充导出/02.md"
    has = lambda term: lambda u: u.has(term)
    both = lambda *terms: lambda u: all(u.has(t) for t in terms)
    quote, ledger = "销售/报价单_听澜_联络办.docx", "销售/合同台账2022.xlsx"
    contract = "销售/合同/合同_QH-2022-007_联络办.docx"
    find("company", "Does one common word find everything?", "公司", has("公司"),
         [contract, "销售/客户回访记录.txt", "归档/旧往来_繁體.txt", "归档/备份_2022.zip!备份/旧资料.zip!旧资料/口述.txt", "邮件/20220224_白皮书.eml!白皮书_听澜_v3.pdf",
          "行政/租赁协议_库房.rtf", "销售/投标承诺书.odt", "归档/网页/青河日报_20220901.html"],
         "GB18030, Big5, a zip in a zip, an attachment, rtf, odt, a page, chats.")
    find("product", "Where is the product named?", "听澜", has("听澜"), [contract, "销售/听澜产品介绍_v4.pptx"], "Slides, contracts, mail, chats, white paper.")
    find("chuanjiang", "Where does the shell company show?", "川江", has("川江"),
         [contract, ledger, "归档/旧往来_繁體.txt", "行政/资产登记.xlsx", at(leak, wx1, "定了，187.15万")], "In the ledger, in deleted text of the contract, in the asset list, in five chats and in a Big5 letter.")
    find("chuanjiang_chat", "Who talks about it?", "川江 kind:message", lambda u: u.unit == "message" and u.has("川江"),
         [at(leak, wx1, "合同里不要出现川江"), at(leak, wx5, "007重新出了")], "沈若岚, 韩锐, 陆知行, 许曼, 林墨, and Lan S. on Telegram.")
    find("deleted_clause", "What was struck out of contract 007?", "代收代付", has("代收代付"), [contract], "The clause that lets 川江 collect 叁拾万元.")
    find("comment", "What did finance say about it?", "不能写进正式合同", has("不能写进正式合同"), [contract], "A comment by 许曼 in the docx.")
    find("hidden_sheet", "Where did the 30万 go?", "QH-2022-007 川江 type:xlsx", lambda u: u.type == "xlsx" and u.has("QH-2022-007") and u.has("川江"),
         [ledger], "Hidden sheet 备注: 30万走川江，对应QH-2022-010.")
    find("speaker_notes", "What do the notes under the slide say?", "陆总定的口径", has("陆总定的口径"), ["销售/听澜产品介绍_v4.pptx"], "95% is the boss's figure.")
    find("hidden_slide", "What does the hidden slide say?", "外购样本", has("外购样本"), ["销售/听澜产品介绍_v4.pptx", "财务/报销明细_2022Q1.xlsx"], "Samples are bought outside, at 4k美元 a batch.")
    find("claim_95", "Where is 95% claimed?", '"95%"', has("95%"),
         ["销售/听澜产品介绍_v4.pptx", ledger, quote, contract, "销售/白皮书_听澜_v3.pdf", "销售/TingLan_datasheet_EN.pdf", "销售/客户回访记录.txt",
          at(leak, wx2, "写95%。"), at(leak, more, "验收报告还是写95%")], "Slide, ledger, quote, contract, white paper, tender promise; chats say why.")
    find("measured_61", "What was measured?", '"61.3%"', has("61.3%"), ["技术/测试记录_听澜.xlsx", "邮件/20220411_测试结果.eml", at(leak, wx3, "测试结果：")],
         "61.3% in the test record, the mail of 顾一鸣, his weekly report and the group.")
    find("han_amount", "Where is 叁拾万 written out?", "叁拾万", has("叁拾万"),
         [ledger, contract, "销售/合同/合同_QH-2022-010_川江_技术咨询.docx", "财务/发票登记.xls", at(leak, wx5, "30万你们今天能到账吗")],
         "Ledger D9, contract 010, the deleted clause of 007, the invoice, a mail and three chats.")
    find("traditional", "Does simplified find traditional?", "合约编号", has("合约编号"), ["归档/旧往来_繁體.txt"], "合約編號 in a Big5 letter.")
    find("near_miss", "Who misspells the company?", "清河霁石", has("清河霁石"), ["归档/旧往来_繁體.txt"], "清 instead of 青: one character away.")
    find("full_width", "Do full-width digits match?", '"12,800"', has("12,800"), ["财务/付款提醒.txt", "财务/发票登记.xls"],
         "１２，８００元 of sea food, and USD 12,800.00 in the invoice list: the same digits, not the same thing.")
    find("staging", "Where does the server show?", '"203.0.113.86"', has("203.0.113.86"),
         ["行政/资产登记.xlsx", "技术/代码/config.ini", at(leak, wx3, "样本到了"), "邮件/20220316_样本.eml"], "川江备用 in the asset list; where the bought sample went.")
    find("zip_password", "Is there a password for private.zip?", '"Tinglan@2022"', has("Tinglan@2022"), [at(leak, "07.json", "放归档里了")], "邱野 wrote it to 田小芮.")
    find("in_zip_in_zip", "What lies in the zip within the zip?", "老韩 渠道", both("老韩", "渠道"), ["归档/备份_2022.zip!备份/旧资料.zip!旧资料/渠道比例.csv"],
         "川江 16%, 老韩 5%.")
    find("utf16", "Is the training data real?", "人工编造", has("人工编造"), ["技术/训练数据说明.txt"], "No; UTF-16 text.")
    find("gbk_html", "What is the score in the interface?", "实际置信度", has("实际置信度"), ["技术/接口说明.html"], "Shown, not real; GB2312 page.")
    find("rtf", "Who rents room 1107?", "承租方", has("承租方"), ["行政/租赁协议_库房.rtf"], "霁石 rents what 川江 gives as its address.")
    find("wrapped", "Is a word that breaks over two lines of a PDF found?", "无须分词即可", has("无须分词即可"), ["销售/白皮书_听澜_v3.pdf"], "In chapter two of the white paper.")
    find("russian", "What did the seller upload?", "залил", has("залил"), [], "harbor_mail.tar.")
    find("supporting_and", "Where do acceptance and 95% meet?", '验收 AND "95%"', both("验收", "95%"), ["销售/合同/验收报告_007.pdf"], "")
    find("not", "Where is 川江 named without 联络办?", "川江 NOT 联络办", lambda u: u.has("川江") and not u.has("联络办"), [], "")
    find("attachments", "Which documents came out of others?", "is:child", lambda u: u.child, [], "Counted by content: a copy that also lies free is a child in one of its places.", "later")
    rows.pop()
    find("by_path", "Which files bear the server's address in their name?", "meta:203.0.113.86", lambda u: u.named("203.0.113.86"),
         ["技术/日志/access_203.0.113.86.log"], "Its access log; a search for the address looks at texts alone.")
    find("by_name", "Which files bear the shell company's name?", "meta:川江", lambda u: u.named("川江"),
         ["销售/合同/合同_QH-2022-009_川江.docx", "销售/合同/合同_QH-2022-009_川江.docx!word/media/image1.png"], "Two contracts and the stamp in one of them.")
    find("mail_type", "How many mails are there?", "type:eml", lambda u: u.type == "eml", [], "Nine files and twelve mails of the mailbox.")
    find("sheets", "How many workbooks?", "type:xlsx", lambda u: u.type == "xlsx", [ledger], "")
    find("from_gu", "What did blue_kettle write about 61?", "from:blue_kettle 61%", lambda u: u.sender == "blue_kettle" and u.has("61%"), [at(leak, wx4, "又跑了一遍")], "")

    # --- what later features must find out
    for line in (
        ("who_wx_lu", "entity", "Who is wxid_b4k0n7e2rt5q21?", p.LU.wechat, "", [at(leak, wx2, "这个手机要换了"), "邮件/20220511_合同重出.eml", "行政/员工花名册_2022.xlsx"],
         "陆知行 (JS0001): he gives 139-0000-1001 in chat; the same number signs his mail and stands in the staff list."),
        ("who_wx_shen", "entity", "Who is wxid_q7m2kd81xv3b22?", p.SHEN.wechat, "", [at(leak, wx1, "听澜的白皮书发您邮箱了"), "邮件/20220224_白皮书.eml", "行政/员工花名册_2022.xlsx"],
         "沈若岚 (JS0017): 13900002217 in chat, mail signature and staff list; Lan S. on Telegram and WhatsApp."),
        ("who_kettle", "entity", "Who is blue_kettle?", "blue_kettle", "", ["行政/资产登记.xlsx", "行政/员工花名册_2022.xlsx", at(leak, "2022-03-22.json", "got it, yiming")],
         "顾一鸣 (JS0009): VPN account in the asset list; kettle on Jabber signs as yiming."),
        ("who_hr1979", "entity", "Who is hr_1979?", "hr_1979", "", [at(leak, wx1, "我换号了"), "行政/访客登记.csv", contract], "韩锐 of 青河市数据联络办公室: his number stands in the visitors' book."),
        ("who_wx_linjh", "entity", "Who is wxid_7tj5d2s0ux9a33?", p.LINJH.wechat, "", [at(leak, wx5, "青河市砚池路18号"), "销售/合同/合同_QH-2022-009_川江.docx"], "林嘉禾 of 川江."),
        ("nickname", "entity", "Who is 小林?", "小林", "", [at(leak, wx1, "不是不是，川江的小林"), at(leak, wx3, "不是说你")], "Two people: 林墨 (developer) and 林嘉禾 (川江)."),
        ("shell_owner", "entity", "Who owns 川江?", "周丽萍", "", ["归档/网页/青河日报_20220901.html", at(leak, wx5, "执照上是周丽萍"), "行政/员工花名册_2022.xlsx"],
         "周丽萍, 陆知行's sister-in-law (his emergency contact); a scanned page says she holds the shares for him."),
        ("address", "entity", "Which address ties the shell to the contractor?", "1107", "", ["行政/租赁协议_库房.rtf", "销售/合同/合同_QH-2022-009_川江.docx", "行政/资产登记.xlsx", at(leak, wx5, "这不是我们库房的地址吗")],
         p.ADDRESS + ": rented by 霁石 as a store room, given by 川江 as its seat."),
        ("ip", "entity", "Which address ties chat, log and asset list?", p.STAGING_IP, "", ["技术/日志/access_203.0.113.86.log", "行政/资产登记.xlsx", at(leak, "2022-03-16.json", "sftp 203.0.113.86")],
         "The server that is booked as 川江备用 received the bought mailbox."),
        ("relay_sample", "relay", "Who passed on 韩锐's demand?", "下周三之前要看到样本", "", [at(leak, wx1, "下周三之前"), at(leak, wx3, "下周三之前"), at(leak, "2022-03-16.json", "client wants to see")],
         "沈若岚, 3 min 25 s later, in the group, word for word; 林墨 in English on Slack after 27 min."),
        ("gap", "gap", "Did 陆 and 沈 stop talking in summer?", "", "", [at(leak, wx3, "昨晚陆总微信跟我说"), at(leak, more, "新手机好了")],
         "No: between 2022-06-28 and 2022-10-11 there is no export; on 2022-08-17 she quotes what he wrote the night before, and a screenshot of 2022-08-23 shows them talking."),
        ("silence", "gap", "Is 1-7 October in the group a gap?", "", "", [at(leak, wx3, "明天放假"), at(leak, wx3, "假期结束")], "No: a silence inside one export; it was a holiday."),
        ("zone", "zone", "Which clock do the WeChat tables show?", "", "", [at(leak, wx1, "三点了，人呢"), at(leak, wx3, "刚才那条话单查询"), "技术/样例/cdr_sample_20220317.log"],
         "UTC: work is at 01-10 only, '三点了' stands at 07:02:33, and the query of 10:20:41 +0800 is owned up to at 02:20:55."),
        ("disagree_percent", "numbers", "Which figure is false?", "95% / 61.3%", "", ["销售/听澜产品介绍_v4.pptx", ledger, "技术/测试记录_听澜.xlsx", at(leak, wx2, "写95%。")],
         "95% in slide, ledger, contract and acceptance; 61.3% measured; the customer's own test says six in ten, his report 62%."),
        ("disagree_year", "numbers", "Did they sign 0.12亿 in 2022?", "0.12亿", "", ["销售/融资路演_2022.pptx", at(leak, wx2, "可是今年签的")], "No: 七百多万 with 川江, by 沈若岚's own words."),
        ("amount_007", "amount", "What did 联络办 pay?", "amount:1871500", "", [contract, ledger, at(leak, wx1, "定了，187.15万")],
         "187.15万 = 1,871,500 = 壹佰捌拾柒万壹仟伍佰元整; the quote was 218万; 30万 of it through 川江, 5% (93,575) back to 韩锐."),
        ("amount_30", "amount", "In how many ways is 300,000 written?", "amount:300000", "", [ledger, "财务/发票登记.xls", "财务/付款提醒.txt", at(leak, wx5, "30万你们今天")],
         "叁拾万, 叁拾万元整, 30万, 300,000.00, 300000元; and 15万 + 15万."),
        ("ledger_sum", "amount", "What does the ledger of 2022 add up to?", "", leak.ledger_sum, [ledger],
         f"{leak.ledger_sum:,} yuan in 36 rows, and 12.8k dollars: no more than 七百多万."),
        ("amount_95", "amount", "What is 95% of 551万?", "amount:5234500", "", ["财务/发票登记.xls", "销售/合同/合同_QH-2022-009_川江.docx"], "5,234,500.00 was invoiced on 2022-03-22."),
        ("slide_client", "ledger", "Is 云汀海事服务中心 a customer?", "云汀海事服务中心", "", ["销售/听澜产品介绍_v4.pptx", "销售/客户回访记录.txt"],
         "No: the slide lists it, its own speaker note and the visit notes say that nothing was signed; no ledger has it."),
        ("export_buyer", "ledger", "Who is the customer missing in ledger row 10?", "QH-2022-012", "", [ledger, "销售/合同/Agreement_QH-2022-012_EN.docx", at(leak, "_chat.txt", "it is the price")], "Vessarin Research (Joren Falk), 12.8k USD, invoiced by 川江."),
        ("backdated", "dates", "When was contract 007 made?", "", "", [contract, at(leak, wx2, "007的合同让许曼"), "邮件/20220511_合同重出.eml"],
         "It is dated 二〇二二年三月十八日; the file was made on 2022-05-11 by order of 陆知行."),
        ("leaker", "question", "Who copied the contracts?", "JS0009", "", ["技术/日志/fileserver_2022-12-20.log", "行政/资产登记.xlsx", at(leak, wx4, "小邱，说装补丁"), "00_说明.txt"],
         "Open. Account of 顾一鸣, who was in hospital from 16:05; from 198.51.100.35, the machine of 邱野, whose disk was changed that day. The note ends with 顾's phrase 水开了."),
        ("place", "metadata", "Where was the photo taken?", "", "", ["图片/IMG_20220820_143107.jpg"], "12.5312,-38.2044: at sea; 2022-08-20 14:31:07 +08:00."),
        ("scan_set", "pages", "Which pages belong together?", "", "", ["扫描/5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9_1_12.png"], "Twelve pages of a company statute, three of other papers."),
    ):
        ident, feature, question, query, total, must, answer = line
        for item in must:
            assert any(item.split(" @ ")[0] == n.path for n in places), item
        row(ident, feature, question, query, total, must, answer)
    write(out, "story.tsv", ["id", "feature", "question", "query", "total", "must_hit", "answer"], rows)


def write_all(leak, out):
    documents(leak, out)
    conversations(leak, out)
    story(leak, out)
