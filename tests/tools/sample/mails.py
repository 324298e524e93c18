"""Mail as single files and as a mailbox; bodies and subjects in the charsets that such mail has."""

import base64
import quopri
from email.utils import format_datetime

import people as p
from chats import local


def word(text, charset):
    """A header value, encoded where it must be."""
    if text.isascii():
        return text
    raw = text.encode(charset)
    return f"=?{charset}?B?{base64.b64encode(raw).decode()}?="


def wrapped(data):
    return base64.encodebytes(data).decode().replace("\n", "\r\n")


def mail(number, when, sender, to, subject, body, charset="utf-8", attachments=(), cc="", reply=""):
    """`attachments`: (name, bytes, mime). Returns bytes with CRLF."""
    def person(x):
        name, address = x
        return f"{word(name, charset)} <{address}>"

    head = [f"From: {person(sender)}", f"To: {', '.join(person(x) for x in to)}"]
    if cc:
        head.append(f"Cc: {person(cc)}")
    head += [f"Subject: {word(subject, charset)}", f"Date: {format_datetime(local(when))}",
             f"Message-ID: <{number}@{sender[1].split('@')[1]}>"]
    if reply:
        head += [f"In-Reply-To: <{reply}>", f"References: <{reply}>"]
    head.append("MIME-Version: 1.0")

    def text_part(text):
        raw = text.replace("\n", "\r\n").encode(charset)
        if charset == "utf-8":
            coded, how = quopri.encodestring(raw.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n").decode(), "quoted-printable"
        else:
            coded, how = wrapped(raw), "base64"
        return f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {how}\r\n\r\n{coded}\r\n"

    inner = text_part(body)
    if not attachments:
        return ("\r\n".join(head) + "\r\n" + inner).encode()
    edge = f"mix-{number}"
    out = "\r\n".join(head) + f'\r\nContent-Type: multipart/mixed; boundary="{edge}"\r\n\r\n--{edge}\r\n{inner}'
    for name, data, mime in attachments:
        shown = word(name, charset)
        out += (f'--{edge}\r\nContent-Type: {mime}; name="{shown}"\r\nContent-Transfer-Encoding: base64\r\n'
                f'Content-Disposition: attachment; filename="{shown}"\r\n\r\n{wrapped(data)}')
    return (out + f"--{edge}--\r\n").encode()


def who(person):
    return (person.name, person.mail)


SHEN, LU, GU, XU, LINMO, QIU, TIAN, HAN, LINJH = map(who, (p.SHEN, p.LU, p.GU, p.XU, p.LINMO, p.QIU, p.TIAN, p.HAN, p.LINJH))
FALK = (p.FALK, "falk@vessarin.example")
SIGN = "\n--\n沈若岚 | 销售总监\n青河霁石信息技术有限公司\n手机/微信：139-0000-2217\n青河市望潮大道6号12层\n"


def singles(leak):
    def add(name, data, children=()):
        node = leak.add("邮件/" + name, data, "eml")
        for child, content, kind in children:
            node.child(child, content, kind, role="attachment")

    add("20220224_白皮书.eml", mail(
        "a1", "2022-02-24 11:20:00", SHEN, [HAN], "听澜平台白皮书", "韩处：\n\n白皮书见附件，重点在第二章。\n" + SIGN, "gb18030",
        [("白皮书_听澜_v3.pdf", leak.white_paper, "application/pdf")]), [("白皮书_听澜_v3.pdf", leak.white_paper, "pdf")])
    add("20220302_报价.eml", mail(
        "a2", "2022-03-02 16:18:00", SHEN, [HAN], "报价单（听澜）", "韩处：\n\n按220以内口径，报价218万，含三年服务，请审阅。\n" + SIGN, "gb18030",
        [("报价单_听澜_联络办.docx", leak.quote, "application/vnd.openxmlformats-officedocument.wordprocessingml.document")], cc=LU),
        [("报价单_听澜_联络办.docx", leak.quote, "docx")])
    add("20220302_回复_报价.eml", mail(
        "a3", "2022-03-02 18:02:00", HAN, [SHEN], "回复：报价单（听澜）", "太高。电话说。\n\n> 按220以内口径，报价218万，含三年服务\n", "gb18030",
        reply="a2@jishi.example"))
    add("20220314_NDA.eml", mail(
        "a4", "2022-03-14 10:00:00", SHEN, [FALK], "NDA and one question", "Dear Joren,\n\nplease find our NDA on the share. You asked who stands behind "
        "the maritime request: a local office, that is all I can say.\n\nLan\n" + SIGN))
    add("20220316_样本.eml", mail(
        "a5", "2022-03-16 19:58:00", GU, [("artyom", "artyom@severnaya.example")], "key",
        "key for tl_in attached. host 203.0.113.86. do not answer to this address, use the kettle.\n",
        attachments=[("tl_in.pub", b"ssh-ed25519 AAAAC3fictitiousNotAKey0000000000000000000000000000000000 tl_in@staging\n", "text/plain")]),
        [("tl_in.pub", b"ssh-ed25519 AAAAC3fictitiousNotAKey0000000000000000000000000000000000 tl_in@staging\n", "txt")])
    add("20220411_测试结果.eml", mail(
        "a6", "2022-04-11 16:05:00", GU, [LU, SHEN], "听澜测试结果", "各位：\n\n第三批10000条，认对6130条，61.3%。\n对外写95%我不签字。\n\n顾一鸣 JS0009\n"))
    add("20220511_合同重出.eml", mail(
        "a7", "2022-05-11 14:20:00", LU, [XU], "007合同", "许曼：\n重出一版，日期写三月十八，川江那条删掉。发我看一眼再盖章。\n陆知行 139-0000-1001\n", "gb18030"))
    add("20221013_验收报告.eml", mail(
        "a8", "2022-10-13 11:00:00", SHEN, [LU, XU], "验收报告已签", "验收报告见附件，准确率一栏95%。\n" + SIGN, "gb18030",
        [("验收报告_007.pdf", leak.acceptance, "application/pdf")]), [("验收报告_007.pdf", leak.acceptance, "pdf")])
    add("20221121_press_enquiry.eml", mail(
        "a9", "2022-11-21 08:30:00", ("Ines Calloway", "calloway@tolma-daily.example"), [FALK], "Questions about Jishi Information",
        "Dear Mr Falk,\n\nour editorial mailbox seems to be on a list. Did Vessarin Research buy an export under reference QH-2022-012?\n\n"
        "Please answer by Friday.\n\nInes Calloway, Tolma Daily\n"))


def mailbox(leak):
    rows = [
        ("m1", "2021-11-02 09:15:00", LU, [SHEN], "听澜立项", "若岚：\n年内把听澜包装出来，先有PPT再有产品。\n"),
        ("m2", "2021-11-30 17:40:00", SHEN, [LU], "回复：听澜立项", "PPT初稿好了，准确率一栏先空着。\n" + SIGN),
        ("m3", "2021-12-01 08:55:00", LU, [SHEN], "回复：听澜立项", "填95。\n"),
        ("m4", "2022-01-10 10:10:00", TIAN, [LU], "库房续租", "1107库房每月1200元，是否续租？川江的牌子也挂在那边。\n"),
        ("m5", "2022-01-10 10:31:00", LU, [TIAN], "回复：库房续租", "续。牌子别挂外面。\n"),
        ("m6", "2022-03-08 08:50:00", XU, [LINJH], "30万", "小林：\n叁拾万今天能付吗？抬头技术咨询费。\n许曼\n"),
        ("m7", "2022-03-16 17:05:00", TIAN, [LU, SHEN, GU, LINMO, QIU], "会议纪要0316", "请查收，纪要不上传客户。\n"),
        ("m8", "2022-07-12 16:50:00", XU, [LU], "551万", "陆总：\n川江551万没有交付物，进项也不齐，审计会问。\n许曼\n"),
        ("m9", "2022-07-12 20:14:00", LU, [XU], "回复：551万", "让丽萍签字。以后别写邮件。\n"),
        ("m10", "2022-09-07 16:30:00", LINJH, [FALK], "Agreement QH-2022-012", "Signed copy attached. Please pay 12.8k to the account we discussed.\n"),
        ("m11", "2022-12-22 09:00:00", TIAN, [QIU], "电脑检查", "邱野：\n你的A-0104硬盘是12月20日换的，旧盘在哪？请今天交回。\n田小芮\n"),
        ("m12", "2022-12-22 09:40:00", QIU, [TIAN], "回复：电脑检查", "坏了扔了。\n"),
    ]
    out, members = [], []
    for number, when, sender, to, subject, body in rows:
        files = ()
        if number == "m7":
            files = [("值班.txt", "3月17日夜班：邱野\n".encode(), "text/plain; charset=utf-8")]
        data = mail(number, when, sender, to, subject, body, "gb18030" if sender in (LU, XU, TIAN) else "utf-8", files,
                    reply={"m2": "m1@jishi.example", "m3": "m2@jishi.example", "m5": "m4@jishi.example", "m9": "m8@jishi.example",
                           "m12": "m11@jishi.example"}.get(number, ""))
        data = data.replace(b"\r\n", b"\n")
        out.append(b"From " + sender[1].encode() + b" " + local(when).strftime("%a %b %e %H:%M:%S %Y").encode() + b"\n" + data + b"\n")
        members.append((subject, data, files))
    node = leak.add("邮件/导出_2021-2022.mbox", b"".join(out), "mbox")
    for at, (subject, data, files) in enumerate(members):
        child = node.child(f"{at + 1:04d} {subject}.eml", data, "eml", role="mail")
        for name, content, _ in files:
            child.child(name, content, "txt", role="attachment")


def write_all(leak):
    singles(leak)
    mailbox(leak)
