"""Containers: names in GBK, a zip in a zip, a locked one, a compressed log; and the hostile files."""

import gzip
import io
import random
import zipfile
import zlib

import people as p


class GbkInfo(zipfile.ZipInfo):
    """A member whose name stands in the archive as GBK without saying so."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def pack(members, kind=zipfile.ZipInfo):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members:
            info = kind(name, (2022, 11, 30, 18, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            z.writestr(info, data)
    return out.getvalue()


def locked(name, data, password):
    """A zip with one member under the traditional (weak) cipher, with a fixed first block."""
    table = [0] * 256
    for n in range(256):
        c = n
        for _ in range(8):
            c = c >> 1 ^ 0xEDB88320 if c & 1 else c >> 1
        table[n] = c
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = table[(keys[0] ^ byte) & 255] ^ keys[0] >> 8
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ keys[1] >> 24) & 255] ^ keys[2] >> 8

    def cipher(plain):
        out = bytearray()
        for byte in plain:
            k = (keys[2] | 2) & 0xFFFF
            out.append(byte ^ (k * (k ^ 1) >> 8 & 255))
            update(byte)
        return bytes(out)

    for byte in password.encode():
        update(byte)
    crc = zlib.crc32(data)
    body = zlib.compress(data, 9)[2:-4]
    head = bytes(random.Random(11).randrange(256) for _ in range(11)) + bytes([crc >> 24])
    secret = cipher(head + body)
    import struct
    raw = name.encode()
    shared = struct.pack("<HHHHHIIIHH", 20, 0x801, 8, 0x9400, 0x554E, crc, len(secret), len(data), len(raw), 0)
    local_part = b"PK\3\4" + shared + raw + secret
    central = b"PK\1\2" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local_part), 0)
    return local_part + central + end


def backups(leak):
    deep = ("陆总口述（邱野记）：\n川江是嫂子的，公司的账走那边干净。谁问都说不认识。\n").encode("gb18030")
    price = "渠道,比例\n川江,16%\n老韩,5%\n其他,看情况\n".encode("gb18030")
    inner = pack([("旧资料/口述.txt", deep), ("旧资料/渠道比例.csv", price)], GbkInfo)
    plan = "2023年计划：听澜改名“观澜”，其他不变。\n".encode()
    members = [("备份/计划2023.txt", plan), ("备份/旧资料.zip", inner), ("备份/合同台账2022.xlsx", leak.ledger)]
    node = leak.add("归档/备份_2022.zip", pack(members, GbkInfo), "zip")
    node.child("备份/计划2023.txt", plan, "txt")
    child = node.child("备份/旧资料.zip", inner, "zip")
    child.child("旧资料/口述.txt", deep, "txt")
    child.child("旧资料/渠道比例.csv", price, "csv")
    node.child("备份/合同台账2022.xlsx", leak.ledger, "xlsx")

    secret = "日期,对象,金额,方式\n2022-03-10,韩,30万(经川江),转账\n2022-10-14,韩,93575,现金\n2022-06-21,苍屏 王,2万,购物卡\n".encode()
    leak.locked_text = secret
    node = leak.add("归档/private.zip", locked("fandian.csv", secret, p.ZIP_PASSWORD), "zip")
    node.child("fandian.csv", None, "csv", state="encrypted")

    rows = "".join(f"2022-12-20T{8 + n // 12:02d}:{n % 12 * 5:02d}:00Z sshd[{4000 + n}]: session {'opened' if n % 2 == 0 else 'closed'} "
                   f"for user {'qy_ops' if n % 7 == 0 else 'backup'} from 198.51.100.{35 if n % 7 == 0 else 200}\n" for n in range(80)).encode()
    out = io.BytesIO()
    with gzip.GzipFile("auth.log", "wb", 9, out, mtime=0) as z:
        z.write(rows)
    node = leak.add("技术/日志/auth.log.gz", out.getvalue(), "gz")
    node.child("auth.log", rows, "log", role="content")


def hostile(leak):
    leak.add("归档/usb/README_usb.txt", (
        "U盘说明\n\x1b]0;pwned\x07\x1b[2J\x1b[31m这一行想清屏并改标题\x1b[0m\n"
        "\x1b]52;c;Y3VybCBodHRwczovL2V2aWwuZXhhbXBsZQ==\x07剪贴板\n"
        "金额：100万元\r金额：001万元\n文件名：合同\u202excod.exe\n零宽：霁\u200b石、川\u2060江\n").encode(), "txt")
    trap = "这是一段无害的文字，名字想骗人。\n".encode()
    slip = "这个成员想写到外面去。\n".encode()
    node = leak.add("归档/usb/照片.zip", pack([("发票\u202egpj.exe", trap), ("../../../tmp/外面.txt", slip)]), "zip")
    node.child("发票\u202egpj.exe", trap, "txt")
    node.child("tmp/外面.txt", slip, "txt")


def write_all(leak):
    backups(leak)
    hostile(leak)
