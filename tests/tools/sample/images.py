"""PDFs with a real text layer, scanned pages without any, a photo with a place."""

import io
import os
import random
import struct
import tempfile
from datetime import datetime, timezone

import people as p

FONT = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"  # Apache-2.0; only subsets are embedded


def font_file():
    from fontTools.ttLib import TTCollection
    path = os.path.join(tempfile.mkdtemp(), "face.ttf")
    TTCollection(FONT).fonts[0].save(path)
    return path


def pdf(face, title, pages, author):
    from fpdf import FPDF
    doc = FPDF()
    doc.set_creation_date(datetime(2022, 2, 20, 8, 0, tzinfo=timezone.utc))
    doc.set_title(title)
    doc.set_author(author)
    doc.set_creator("")
    doc.add_font("face", "", face)
    for heading, paragraphs in pages:
        doc.add_page()
        doc.set_font("face", size=18)
        doc.multi_cell(0, 10, heading, new_x="LMARGIN", new_y="NEXT")
        doc.ln(4)
        doc.set_font("face", size=11)
        for text in paragraphs:
            doc.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT", align="L")
            doc.ln(2)
    return bytes(doc.output())


def papers(leak, face):
    leak.white_pages = [
        ("听澜平台白皮书 V3.0", ["青河霁石信息技术有限公司", "二〇二二年二月　版本3.0　未经许可不得外传"]),
        ("第一章 背景", [
            "信息时代，公开来源的数据每日以亿条计。论坛、社交平台、即时通信群组与各类公告彼此交织，真正有价值的线索往往淹没在重复、"
            "失真与噪声之中。如何在喧嚣之中听见真正重要的声音，是每一家机构面对的难题，也是听澜得名的由来。",
            "听澜平台面向政企客户，提供多语种文本的采集、检索、识别与研判能力，支持话单、邮箱等离线数据的导入，帮助分析人员把分散的"
            "信息连成一张图，把数日的人工阅读缩短为数小时。"]),
        ("第二章 能力", [
            "平台支持十二种语言，对人名、机构名、地名、账号等实体的识别准确率达到95%，领先同行20个百分点。识别结果可以在人物关系图上"
            "逐层展开，并与原文一一对应。",
            "检索平均响应时间0.3秒，单节点日处理文本四千万条。检索语法支持短语、逻辑组合与邻近查询，中文无须分词即可精确匹配。",
            "平台全部计算在客户本地完成，不依赖外部服务，可在隔离网络中部署。"]),
        ("第三章 案例", [
            "某市数据联络办公室：部署三个月，研判效率提升八倍，累计处置线索一千二百余条，获得主管部门书面表扬。",
            "某海事服务机构：完成邮箱目录一百二十万封的整理，用时不足两个工作日。（注：样本来源合法合规。）"]),
        ("第四章 联系方式", ["地址：青河市望潮大道6号12层", "联系人：沈若岚　139-0000-2217　sales@jishi.example"]),
    ]
    leak.white_paper = pdf(face, "听澜平台白皮书", leak.white_pages, "沈若岚")
    leak.add("销售/白皮书_听澜_v3.pdf", leak.white_paper, "pdf", text=flat(leak.white_pages))
    accepted = [("验收报告", [
        "合同编号：QH-2022-007", f"甲方：{p.CLIENT}　乙方：{p.COMPANY}", "验收日期：2022年10月13日",
        "功能测试：通过。性能测试：通过。", "识别准确率：95%（合同要求不低于95%）。", "结论：验收合格，同意支付尾款93,575.00元。",
        "甲方签字：韩锐　乙方签字：沈若岚"])]
    leak.acceptance = pdf(face, "验收报告", accepted, "沈若岚")
    leak.add("销售/合同/验收报告_007.pdf", leak.acceptance, "pdf", text=flat(accepted))
    sheet = [("TingLan V3.0", ["Search and analysis of open sources, in twelve languages.", "Named entity accuracy: 95%*"]),
             ("Terms", ["* measured by an independent laboratory; report available under NDA.",
                        "Jishi Information, Qinghe. sales@jishi.example"])]
    leak.add("销售/TingLan_datasheet_EN.pdf", pdf(face, "TingLan datasheet", sheet, "Lan S."), "pdf", text=flat(sheet))


def flat(pages):
    return "\n".join(line for heading, lines in pages for line in [heading, *lines])


def scan(rng, face, lines):
    """One page as a scanner sees it: grey text, a little crooked, one bit deep."""
    from PIL import Image, ImageDraw, ImageFont
    image = Image.new("L", (620, 876), 255)
    draw = ImageDraw.Draw(image)
    big, small = ImageFont.truetype(face, 26), ImageFont.truetype(face, 19)
    for at, text in enumerate(lines):
        draw.text((60, 60 + at * 36), text, fill=rng.randrange(20, 70), font=big if at == 0 else small)
    image = image.rotate(rng.uniform(-1.2, 1.2), fillcolor=250)
    dots = ImageDraw.Draw(image)
    for _ in range(90):
        dots.point((rng.randrange(620), rng.randrange(876)), fill=0)
    out = io.BytesIO()
    image.convert("1", dither=0).save(out, "PNG", optimize=True)
    return out.getvalue()


def scans(leak, face):
    rng = random.Random(p.SEED + 5)
    first = [["川江渡科技 公司章程", "第一条 公司名称：青河川江渡科技有限公司", "第二条 住所：青河市砚池路18号B座1107室"],
             ["第三条 法定代表人：周丽萍", "第四条 注册资本：壹佰万元整"], ["第五条 股东", "周丽萍 出资九十万元 占90%", "林嘉禾 出资十万元 占10%"],
             ["第六条 经营范围", "技术咨询、数据服务、办公用品销售"], ["第七条 利润分配", "按出资比例，每年一次"],
             ["第八条 股权代持", "周丽萍所持股权系代陆知行持有", "此页不归档"], ["第九条 公章由林嘉禾保管"], ["第十条 其他"],
             ["签字页", "周丽萍", "林嘉禾"], ["附件一 营业执照复印件"], ["附件二 租赁协议复印件", "青河市砚池路18号B座1107室"], ["附件三 空白页"]]
    for at, lines in enumerate(first, 1):
        leak.add(f"扫描/5f0c2b6e-91d4-4c7a-8a3e-0d1b7e44c2a9_{at}_12.png", scan(rng, face, lines), "png", "no_text", text="")
    second = [["收 条", "今收到川江科技现金", "玖万叁仟伍佰柒拾伍元整", "收款人：韩", "2022年10月14日"], ["背面", "第二联"], ["挂号单 2022-12-20", "姓名 顾一鸣 急诊 16:05"]]
    for at, lines in enumerate(second, 1):
        leak.add(f"扫描/a81e3d77-2c40-4b19-b6f5-93c02de51f08_{at}_3.png", scan(rng, face, lines), "png", "no_text", text="")
    leak.add("聊天/微信/截图_20220823.png", scan(rng, face, ["微信 8月23日", "陆：验收压到十月", "沈：好的陆总"]), "png", "no_text", text="")


def seal(face):
    """The stamp of the shell company, as it is pasted into its contracts."""
    from PIL import Image, ImageDraw, ImageFont
    image = Image.new("P", (180, 180), 0)
    image.putpalette([255, 255, 255, 200, 30, 30])
    draw = ImageDraw.Draw(image)
    draw.ellipse((6, 6, 173, 173), outline=1, width=5)
    draw.text((30, 60), "青河川江渡", fill=1, font=ImageFont.truetype(face, 24))
    draw.text((42, 96), "合同专用章", fill=1, font=ImageFont.truetype(face, 19))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def exif(make, model, taken, latitude, longitude):
    """An EXIF block with camera, time and place; rationals as in the standard."""
    def ifd(rows, offset):
        """Rows: (tag, type, count, bytes of the value)."""
        body, data = struct.pack(">H", len(rows)), b""
        start = offset + 2 + 12 * len(rows) + 4
        for tag, kind, count, value in sorted(rows):
            if len(value) <= 4:
                body += struct.pack(">HHI", tag, kind, count) + value.ljust(4, b"\0")
            else:
                body += struct.pack(">HHII", tag, kind, count, start + len(data))
                data += value + b"\0" * (len(value) % 2)
        return body + struct.pack(">I", 0) + data

    def text(value):
        raw = value.encode() + b"\0"
        return (2, len(raw), raw)

    def angle(value):
        value = abs(value)
        degrees, minutes = int(value), int(value * 60 % 60)
        seconds = round(value * 360000 % 6000)
        return (5, 3, struct.pack(">6I", degrees, 1, minutes, 1, seconds, 100))

    gps = [(1, *(2, 2, b"N\0" if latitude > 0 else b"S\0")), (2, *angle(latitude)),
           (3, *(2, 2, b"E\0" if longitude > 0 else b"W\0")), (4, *angle(longitude))]
    sub = [(0x9003, *text(taken)), (0x9011, *text("+08:00"))]
    main = [(0x010F, *text(make)), (0x0110, *text(model)), (0x8769, 4, 1, b"\0\0\0\0"), (0x8825, 4, 1, b"\0\0\0\0")]
    at_sub = 8 + len(ifd(main, 8))
    at_gps = at_sub + len(ifd(sub, at_sub))
    main[2] = (0x8769, 4, 1, struct.pack(">I", at_sub))
    main[3] = (0x8825, 4, 1, struct.pack(">I", at_gps))
    return b"Exif\0\0MM\0*\0\0\0\x08" + ifd(main, 8) + ifd(sub, at_sub) + ifd(gps, at_gps)


def photo(leak):
    from PIL import Image, ImageDraw
    image = Image.new("RGB", (480, 320), (96, 128, 160))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 180, 480, 320), fill=(30, 70, 90))
    draw.polygon([(180, 180), (300, 180), (280, 215), (200, 215)], fill=(120, 40, 30))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif("Lampyris", "L-3", "2022:08:20 14:31:07", 12.5312, -38.2044))
    leak.add("图片/IMG_20220820_143107.jpg", out.getvalue(), "jpg", "no_text", text="")


def write_all(leak):
    face = font_file()
    leak.seal = seal(face)
    papers(leak, face)
    scans(leak, face)
    photo(leak)
