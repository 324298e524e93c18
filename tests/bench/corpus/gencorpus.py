#!/usr/bin/env python3
"""Deterministic generator of a synthetic, multi-format "document leak" folder.

    gencorpus.py --out DIR --truth truth.json --docs 5000 --messages 50000 --seed 1

Everything is invented: names, companies, numbers and addresses are random;
domains sit under example.com/.net/.org, public IPv4 addresses in the
documentation ranges (others in 10/8), so nothing points at a real party.

What it writes under DIR (the truth file must lie outside DIR):
  docs     txt/md (English, Chinese, mixed; UTF-8, GB18030, UTF-16), eml (threads,
           RFC 2047 subjects, html alternatives, attachments), html, docx, xlsx,
           pdf (real text layer), csv, zip of such files, exact duplicates
  chats    Telegram result.json, WhatsApp txt, Slack export folder,
           Markdown-table and CSV chat logs with wxid_ accounts,
           Jabber logs as concatenated JSON objects
  scans    optional (--scans K): page images as PNG (needs Pillow and --cjk-font)

What the truth file holds:
  needles     term -> every place it occurs ({file, member?, message?}), found by
              scanning the text as generated (not by trusting the plan);
              decoys: files holding a phrase's words apart, never together
  probes      ready-made queries (common word, AND, phrase, Chinese 2-char word,
              Chinese phrase ...) with the number of files that match
  entities    kind -> value -> [mentions, files]
  duplicates  [copy, original]

Determinism: document i depends only on (seed, i, vocabulary, options), so the
number of worker processes does not change the output. The vocabulary's SHA-256
is in the truth file; the zlib in use affects compressed bytes, not text.

Vocabulary: words_en.txt and words_zh.txt beside this script (60,000 words each;
SCOWL and jieba's small dictionary, MIT), or --en-words (one word a line) and
--zh-words ("word freq tag" lines).
Needs Python 3.9+; standard library only, except: fontTools (comes with fpdf2)
when --cjk-font is given, to embed subset fonts in PDFs; Pillow for --scans.
"""
import argparse, base64, bisect, hashlib, html, importlib.util, io, itertools, json
import multiprocessing as mp, os, random, re, struct, sys, time, zipfile, zlib
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone

DEFAULT_MIX = "txt=35,eml=20,html=10,docx=10,xlsx=8,pdf=7,csv=5,zip=3,dup=2"
DEFAULT_CHAT_MIX = "telegram=25,whatsapp=15,slack=15,mdtable=15,csvlog=15,jabber=15"

FUNCTION_WORDS = ("the of and to in a is that for it as was with be by on not he his but at are this have "
    "from or had an they which one you were all her she there would their we him been has when who will no "
    "more if out so what up said its about than into them can only other time new some could these two may "
    "first then do any like my now over such our man me even most made after also did many before must "
    "through years where much your way well down should because each just those people how too little state "
    "good very make world still see own work long here get both between life being under never day same "
    "another know while last might us great old year off come since against go came right used take three "
    "payment contract server account report network company meeting project invoice password system data "
    "access target client office manager budget transfer document database operation customer security").split()
FALLBACK_EN = ("river stone copper ledger harbour window signal marble orchard timber canvas lantern quarry "
    "saddle thimble meadow anchor barrel candle dagger ember falcon garnet hollow island jacket kettle ladder "
    "magnet needle oyster pepper quiver ribbon silver tunnel velvet walnut yellow zephyr").split()
FALLBACK_ZH = ("的 一 是 在 了 和 有 不 人 这 中 大 为 上 个 国 我 以 要 他 时 来 用 们 生 到 作 地 于 出 公司 系统 "
    "数据 项目 客户 服务器 密码 会议 合同 付款 网络 目标 账号 报告 管理 技术 安全 平台 部门 经理 工作 问题 信息 "
    "时间 情况 北京 上海 成都 四川 领导 产品 测试 开发 文件 邮件 电话 费用 采购 渗透 情报 分析 支持 环境").split()

EN_GIVEN = ("Ada Bruno Carla Dmitri Elena Farid Greta Hugo Ines Jonas Katya Liam Mona Nils Olga Pavel Quinn "
    "Rosa Stefan Tara Umar Vera Wendell Ximena Yusuf Zofia Alden Brigit Cormac Delphine").split()
EN_FAMILY = ("Abernathy Brandvold Castellane Drummond Eriksen Fairweather Grimaldi Holloway Ivanenko Jankowski "
    "Kessler Lindqvist Marchetti Novotny Okonkwo Pemberton Quarles Rasmussen Sokolova Thackeray Underhill "
    "Vasquez Whitlock Xanthos Yarborough Zielinski").split()
ZH_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕".strip()
ZH_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰梅鑫波斌宇浩凯健俊帆雪琳晨阳嘉慧欣怡博文思远子轩"
PINYIN = {c: p for c, p in zip("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕",
    ("wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo liang song zheng xie "
     "han tang feng yu dong xiao cheng cao yuan deng xu fu shen zeng peng lv").split())}
COMPANY_A = ("Harborline Northgate Bluefen Castor Meridian Oakmere Silverpine Tarnwick Vantage Westerly Kestrel "
    "Lodestar Palisade Quillon Redwater Summit").split()
COMPANY_B = "Logistics Holdings Trading Analytics Telecom Shipping Capital Systems Energy Consulting".split()
ZH_COMPANY_A = "华远 天岳 锦程 蓝鼎 中恒 鸿渐 启明 远图 云岭 海拓 霁石 博信".split()
ZH_COMPANY_B = "信息技术有限公司 网络科技有限公司 贸易有限公司 投资集团 数据服务中心".split()
DEPTS = ["Finance", "Legal", "HR", "Operations", "IT Support", "Sales", "Board", "Research",
         "财务部", "技术部", "人事部", "项目资料", "会议纪要", "Correspondence", "Scans and misc", "合同"]
EXT = {"txt": "txt", "md": "md", "eml": "eml", "html": "html", "docx": "docx", "xlsx": "xlsx", "pdf": "pdf",
       "csv": "csv", "zip": "zip"}
EPOCH = datetime(2017, 1, 3, 8, 0, tzinfo=timezone.utc)

# Needles: coined so that nothing in the vocabulary produces them by chance (checked while scanning).
EN_NEEDLE_WORDS = ["quorvaline", "brathindel", "zemmoquist", "fraxonella", "dulverick", "omnitharp", "vexillorand",
    "krastofane", "wendolimar", "spirquanto", "halvenoxis", "tribbelune"]
EN_NEEDLE_PHRASES = ["copper heron protocol", "seventh lantern account", "marble ferry invoice", "glass orchard transfer"]
ZH_NEEDLE_WORDS2 = ["鸢尾", "犀渠", "骊珠", "磐蚺", "榫卯", "麒骥"]              # two characters
ZH_NEEDLE_WORDS3 = ["鲲鹏台", "烛龙组", "赤霄案"]
ZH_NEEDLE_PHRASES = ["青鸾计划第七阶段", "白泽服务器备份密码", "玄武通道结算清单"]
MIXED_NEEDLES = ["APT-Q-鸢7", "项目代号Zephyrine", "ＫＯＲＲＩＧＡＮ９"]     # the last is full-width
EN_DECOY = {p: p.split() for p in EN_NEEDLE_PHRASES}
ZH_DECOY = {"青鸾计划第七阶段": ["第七阶段", "青鸾", "计划"], "白泽服务器备份密码": ["备份密码", "白泽", "服务器"],
            "玄武通道结算清单": ["结算清单", "玄武", "通道"]}
PROBES = [  # id, kind, terms
    ("common_en", "word", ["payment"]), ("common_en2", "word", ["server"]), ("very_common_en", "word", ["the"]),
    ("and_en", "and", ["payment", "invoice"]), ("and3_en", "and", ["server", "password", "access"]),
    ("phrase_en", "phrase", ["transfer of"]), ("phrase_common_en", "phrase", ["of the"]),
    ("or_en", "or", ["budget", "contract"]), ("not_en", "not", ["payment", "invoice"]),
    ("zh2_common", "zh", ["公司"]), ("zh2_mid", "zh", ["技术"]), ("zh2_person", "zh", ["经理"]),
    ("zh2_and", "zhand", ["公司", "系统"]), ("zh_phrase", "zh", ["的公司"]), ("zh1", "zh", ["钱"]),
    ("zh3_place", "zh", ["成都"]),
]
# Word lists hold coarse words and slurs; documents made for tests and demos should not.
UNFIT = re.compile(r"whor|slut|bitch|cunt|fuck|shit|porn|rape|raping|rapis|sex|erotic|nigg|negro|fagg|dyke|kike|wop|gook|chink|coon|spic(s|k|)$|"
                   r"stripte|orgas|orgy|penis|vagin|vulva|clitor|semen|sperm|masturb|tit(s|ties)$|nipple|breast|prostit|pimp|bastard|retard|cripple|"
                   r"nazi|lesbia|homo|queer|sodom|incest|pedo|paedo|condom|erect|phallic|lewd|lust|nympho|buttock|anus|arse|asshole|crap|piss|"
                   r"cumming|^cum(s|)$|whore|harlot|wench|hussy|boob|dildo|fart|snatch|schlong|nude|naked|genital|pubic|scrot|testic|copulat|fornic|molest|slav(e|er|ing)")
WORD_RE = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


# --------------------------------------------------------------------------- vocabulary
def load_vocab(en_path, zh_path):
    src = {}
    words = []
    here = os.path.dirname(os.path.abspath(__file__))
    if en_path is None:
        for p in (os.path.join(here, "words_en.txt"), "/usr/share/dict/words", "/usr/share/dict/american-english"):
            if os.path.exists(p):
                en_path = p
                break
    if en_path:
        with open(en_path, encoding="utf-8") as f:
            words = sorted({w.strip() for w in f if re.fullmatch(r"[a-z]{3,14}\n?", w) and not UNFIT.search(w)})
        src["en"] = "word list"
    else:
        words = sorted(FALLBACK_EN)
        src["en"] = "built-in"
    fset = set(FUNCTION_WORDS)
    rest = [w for w in words if w not in fset]
    random.Random("en-order").shuffle(rest)
    en = FUNCTION_WORDS + rest
    en_cw = list(itertools.accumulate(1.0 / (r + 2.7) ** 1.07 for r in range(1, len(en) + 1)))
    if zh_path is None and os.path.exists(os.path.join(here, "words_zh.txt")):
        zh_path = os.path.join(here, "words_zh.txt")
    if zh_path is None:
        spec = importlib.util.find_spec("jieba")
        if spec and spec.submodule_search_locations:
            p = os.path.join(list(spec.submodule_search_locations)[0], "dict.txt")
            zh_path = p if os.path.exists(p) else None
    zh_items = []
    if zh_path:
        with open(zh_path, encoding="utf-8") as f:
            for line in f:
                p = line.split()
                if len(p) >= 2 and p[1].isdigit() and int(p[1]) > 3 and re.fullmatch(r"[\u4e00-\u9fff]{1,5}", p[0]):
                    zh_items.append((int(p[1]), p[0]))
        zh_items.sort(key=lambda t: (-t[0], t[1]))
        zh_items = zh_items[:60000]
        src["zh"] = "jieba-style dictionary"
    else:
        zh_items = [(int(100000 / (r + 2.7)), w) for r, w in enumerate(FALLBACK_ZH)]
        src["zh"] = "built-in"
    bad = set(ZH_NEEDLE_WORDS2 + ZH_NEEDLE_WORDS3)
    zh_items = [(f, w) for f, w in zh_items if w not in bad]
    zh = [w for _, w in zh_items]
    zh_cw = list(itertools.accumulate(f for f, _ in zh_items))
    src["en_count"], src["zh_count"] = len(en), len(zh)
    src["en_sha256"] = hashlib.sha256("\n".join(en).encode()).hexdigest()
    src["zh_sha256"] = hashlib.sha256("\n".join(f"{w} {f}" for f, w in zh_items).encode()).hexdigest()
    return en, en_cw, zh, zh_cw, src


# --------------------------------------------------------------------------- people and entities
def luhn(body):
    s = 0
    for k, ch in enumerate(reversed(body)):
        d = int(ch)
        if k % 2 == 0:
            d = d * 2 - 9 if d > 4 else d * 2
        s += d
    return body + str((10 - s % 10) % 10)


def cn_id(rng):
    b = f"{rng.choice(['990101', '990104', '990300', '999000'])}{rng.randint(1960, 2001)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    w = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return b + "10X98765432"[sum(int(c) * k for c, k in zip(b, w)) % 11]


def b58check(payload):
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    n = int.from_bytes(raw, "big")
    al = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    out = ""
    while n:
        n, r = divmod(n, 58)
        out = al[r] + out
    return "1" * (len(raw) - len(raw.lstrip(b"\0"))) + out


def ip4(rng):
    if rng.random() < 0.5:
        return f"{rng.choice(['192.0.2', '198.51.100', '203.0.113'])}.{rng.randint(1, 254)}"
    return f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def make_world(seed, n_docs):
    rng = random.Random(f"{seed}:world")
    comps = []
    for a in COMPANY_A:
        for b in rng.sample(COMPANY_B, 2):
            comps.append((f"{a} {b}", f"{a.lower()}-{b.lower()}.example.{rng.choice(['com', 'net', 'org'])}"))
    zcomps = [f"{a}{b}" for a in ZH_COMPANY_A for b in rng.sample(ZH_COMPANY_B, 2)]
    people, seen = [], set()
    target = max(60, min(4000, n_docs // 25))
    while len(people) < target:
        zh = rng.random() < 0.45
        k = len(people)
        comp = rng.choice(comps)
        if zh:
            fam = rng.choice(ZH_FAMILY)
            name = fam + "".join(rng.choice(ZH_GIVEN) for _ in range(rng.choice([1, 2, 2])))
            user = f"{PINYIN[fam]}{rng.choice('abcdefghjklmnpqrstwxyz')}{k}"
            phone = f"1{rng.choice('3578')}{rng.randint(0, 10**9 - 1):09d}"
        else:
            g, f = rng.choice(EN_GIVEN), rng.choice(EN_FAMILY)
            name = f"{g} {f}" if k < 700 else f"{g} {rng.choice('ABCDEFGHJKLMNPRSTW')}. {f}"
            user = f"{g[0].lower()}.{f.lower()}{k}"
            phone = f"+1-{rng.randint(201, 989)}-555-01{rng.randint(0, 99):02d}"
        if name in seen:
            continue
        seen.add(name)
        people.append({"name": name, "zh": zh, "company": rng.choice(zcomps) if zh else comp[0],
            "email": f"{user}@{comp[1]}", "phone": phone,
            "wxid": "wxid_" + "".join(rng.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(14)),
            "handle": f"{user.replace('.', '_')}", "card": luhn("62" + "".join(str(rng.randint(0, 9)) for _ in range(16))),
            "idno": cn_id(rng)})
    pool = {
        "person": None, "email": None, "phone": None, "wxid": None, "bank_card": None, "cn_id": None,
        "ip": [ip4(rng) for _ in range(600)],
        "ipv6": [f"2001:db8:{rng.randint(1, 65535):x}::{rng.randint(1, 65535):x}" for _ in range(60)],
        "domain": [d for _, d in comps] + [f"{rng.choice(['cdn', 'vpn', 'mail', 'c2', 'files', 'git'])}{k}.{rng.choice(comps)[1]}" for k in range(200)],
        "sha256": [hashlib.sha256(f"{seed}{k}".encode()).hexdigest() for k in range(150)],
        "md5": [hashlib.md5(f"{seed}{k}".encode()).hexdigest() for k in range(150)],
        "cve": [f"CVE-{rng.randint(2010, 2024)}-{rng.randint(1000, 49999)}" for _ in range(120)],
        "btc": [b58check(b"\0" + rng.randbytes(20)) for _ in range(60)],
        "eth": ["0x" + rng.randbytes(20).hex() for _ in range(60)],
        "iban": [f"XX{rng.randint(10, 99)}{''.join(str(rng.randint(0, 9)) for _ in range(18))}" for _ in range(60)],
    }
    pw = list(itertools.accumulate(1.0 / (r + 3) ** 0.9 for r in range(len(people))))
    return {"people": people, "pw": pw, "pool": pool, "companies": [c for c, _ in comps] + zcomps}


# --------------------------------------------------------------------------- text
class Ctx:
    """One document's generation state: its RNG, entity counts, and logical text segments."""
    __slots__ = ("g", "rng", "ents", "segs")

    def __init__(self, g, rng):
        self.g, self.rng, self.ents, self.segs = g, rng, Counter(), []

    def seg(self, text, member=None, message=None):
        self.segs.append((text, member, message))
        return text

    def person(self):
        w = self.g["world"]
        return w["people"][bisect.bisect(w["pw"], self.rng.random() * w["pw"][-1])]

    def e(self, kind, value):
        self.ents[(kind, value)] += 1
        return value

    def mention(self, zh):
        r = self.rng
        p = self.person()
        k = r.randrange(14)
        e = self.e
        pool = self.g["world"]["pool"]
        if k < 3:
            n = e("person", p["name"])
            return f"{n}在{r.choice(['会上', '邮件里', '群里', '现场'])}确认" if zh else f"{n} confirmed this"
        if k < 5:
            m = e("email", p["email"])
            return f"请联系{m}" if zh else f"contact {m}"
        if k == 5:
            m = e("phone", p["phone"])
            return f"电话{m}" if zh else f"call {m}"
        if k == 6:
            m = e("wxid", p["wxid"])
            return f"微信号{m}" if zh else f"WeChat {m}"
        if k == 7:
            m = e("bank_card", p["card"])
            return f"卡号{m}" if zh else f"card {m}"
        if k == 8:
            m = e("cn_id", p["idno"])
            return f"身份证{m}" if zh else f"ID number {m}"
        if k in (9, 10):
            m = e("ip", r.choice(pool["ip"]))
            return f"服务器地址{m}" if zh else f"host {m}"
        if k == 11:
            m = e("domain", r.choice(pool["domain"]))
            return f"域名{m}" if zh else f"domain {m}"
        kind = r.choice(["sha256", "md5", "cve", "cve", "btc", "eth", "ipv6", "iban"])
        m = e(kind, r.choice(pool[kind]))
        return f"样本 {m} " if zh else f"see {m}"

    def en(self, n, ents=True):
        r = self.rng
        ws = r.choices(self.g["en"], cum_weights=self.g["en_cw"], k=n)
        out, i = [], 0
        while i < n:
            j = min(n, i + r.randrange(5, 19))
            s = " ".join(ws[i:j])
            if j - i > 9 and r.random() < 0.5:
                k = (i + j) // 2
                s = " ".join(ws[i:k]) + ", " + " ".join(ws[k:j])
            if ents and r.random() < 0.12:
                s += ", " + self.mention(False)
            out.append(s[0].upper() + s[1:] + (". " if r.random() < 0.94 else "? "))
            i = j
        return "".join(out).rstrip()

    def zh(self, n, ents=True):
        r = self.rng
        ws = r.choices(self.g["zh"], cum_weights=self.g["zh_cw"], k=n)
        out, i = [], 0
        while i < n:
            j = min(n, i + r.randrange(4, 14))
            s = "".join(ws[i:j])
            if j - i > 7:
                k = (i + j) // 2
                s = "".join(ws[i:k]) + "，" + "".join(ws[k:j])
            if ents and r.random() < 0.12:
                s += "，" + self.mention(True)
            out.append(s + ("。" if r.random() < 0.94 else "？"))
            i = j
        return "".join(out)

    def lang(self):
        x, han = self.rng.random(), self.g["han"]
        if han is not None:
            return "zh" if x < han else ("mix" if x < han + (1 - han) / 5 else "en")
        return "en" if x < 0.55 else ("zh" if x < 0.9 else "mix")

    def text(self, lang, n, ents=True):
        if lang == "en":
            return self.en(n, ents)
        if lang == "zh":
            return self.zh(n, ents)
        return self.en(n // 2, ents) + "\n" + self.zh(n // 2, ents)

    def paras(self, lang, n):
        out = []
        while n > 0:
            k = min(n, self.rng.randrange(30, 120))
            out.append(self.text(lang, k))
            n -= k
        return out

    def size(self, median, cap=20000):
        return max(12, min(cap, int(self.rng.lognormvariate(0, 0.8) * median)))

    def title(self, lang):
        if lang == "zh":
            return self.zh(5, False).rstrip("。？").replace("，", "")
        return self.en(5, False).rstrip(".?").replace(",", "")


def plant_line(ctx, items):
    """Sentences that carry this document's planted needles."""
    out = []
    for t, kind in items:
        if kind == "decoy_en":
            a = t.split()
            out.append(f"The {a[2]} was late; we found {a[0]} near the {a[1]}.")
        elif kind == "decoy_zh":
            a = ZH_DECOY[t]
            out.append(f"{a[0]}尚未开始，{a[1]}只是名称，{a[2]}另行安排。")
        elif any("\u4e00" <= c <= "\u9fff" for c in t):
            out.append(f"请注意，{t}的材料已经归档。")
        else:
            out.append(f"Please file the {t} papers separately.")
    return "\n".join(out)


# --------------------------------------------------------------------------- formats (each returns bytes)
ZDATE = (2021, 6, 1, 12, 0, 0)


def zip_bytes(members, level=6):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
        for name, data in members:
            zi = zipfile.ZipInfo(name, ZDATE)
            zi.compress_type = zipfile.ZIP_DEFLATED
            zi.external_attr = 0o644 << 16
            z.writestr(zi, data)
    return b.getvalue()


def mk_txt(ctx, plants, member=None, md=False):
    lang = ctx.lang()
    ps = ctx.paras(lang, ctx.size(260))
    if plants:
        ps.insert(ctx.rng.randrange(len(ps) + 1), plant_line(ctx, plants))
    t = ctx.title(lang)
    body = (f"# {t}\n\n" if md else t + "\n\n") + ("\n\n".join(ps)) + "\n"
    if md and ctx.rng.random() < 0.5:
        body += "\n- " + "\n- ".join(ctx.text(lang, 6) for _ in range(4)) + "\n"
    ctx.seg(body, member)
    x = ctx.rng.random()
    if lang != "en" and x < 0.18 and not md:
        return body.encode("gb18030")
    if x > 0.975 and not md:
        return b"\xff\xfe" + body.encode("utf-16-le")
    if x > 0.95:
        return b"\xef\xbb\xbf" + body.encode("utf-8")
    return body.encode("utf-8")


def mk_html(ctx, plants, member=None):
    lang = ctx.lang()
    t = ctx.title(lang)
    ps = ctx.paras(lang, ctx.size(300))
    if plants:
        ps.insert(ctx.rng.randrange(len(ps) + 1), plant_line(ctx, plants))
    ctx.seg(t + "\n" + "\n".join(ps), member)
    esc = html.escape
    body = "\n".join(f"<p>{esc(p)}</p>" if k % 4 else f"<div class=\"c{k}\"><b>{esc(p)}</b></div>" for k, p in enumerate(ps))
    rows = "".join(f"<tr><td>{k}</td><td>{ctx.rng.randint(1, 10**6)}</td></tr>" for k in range(ctx.rng.randrange(0, 12)))
    return (f"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{esc(t)}</title>"
            f"<style>body{{font-family:sans-serif;margin:2em}}.c1{{color:#333}}</style>"
            f"<script>var t=0;function f(){{t++;}}</script></head><body><h1>{esc(t)}</h1>\n{body}\n"
            f"<table>{rows}</table></body></html>").encode()


def mk_docx(ctx, plants, member=None):
    lang = ctx.lang()
    t = ctx.title(lang)
    ps = ctx.paras(lang, ctx.size(420))
    if plants:
        ps.insert(ctx.rng.randrange(len(ps) + 1), plant_line(ctx, plants))
    author = ctx.person()["name"]
    ctx.e("person", author)
    ctx.seg(t + "\n" + "\n".join(ps), member)
    esc = lambda s: html.escape(s, quote=False)

    def para(p):  # runs are split as editors do, including in mid-sentence
        c = len(p) // 2
        return (f'<w:p><w:r><w:t xml:space="preserve">{esc(p[:c])}</w:t></w:r><w:r><w:rPr><w:b/></w:rPr>'
                f'<w:t xml:space="preserve">{esc(p[c:])}</w:t></w:r></w:p>')
    doc = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
           + "".join(para(p) for line in [t] + ps for p in line.split("\n")) + "<w:sectPr/></w:body></w:document>")
    core = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f'<dc:title>{esc(t)}</dc:title><dc:creator>{esc(author)}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">2019-03-04T09:30:00Z</dcterms:created></cp:coreProperties>')
    return zip_bytes([
        ("[Content_Types].xml", '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'),
        ("_rels/.rels", '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>'),
        ("docProps/core.xml", core), ("word/document.xml", doc)])


def table_rows(ctx, n):
    r, rows = ctx.rng, []
    pool = ctx.g["world"]["pool"]
    t0 = EPOCH + timedelta(days=r.randrange(2400))
    kind = r.randrange(3)
    head = [["Date", "Name", "Email", "Phone", "Amount", "Note"], ["日期", "姓名", "身份证", "卡号", "金额", "备注"],
            ["timestamp", "host", "user", "wxid", "bytes", "message"]][kind]
    for k in range(n):
        p = ctx.person()
        d = (t0 + timedelta(hours=7 * k)).strftime("%Y-%m-%d %H:%M")
        amt = f"{r.randint(1, 10**7) / 100:.2f}"
        if kind == 0:
            rows.append([d, ctx.e("person", p["name"]), ctx.e("email", p["email"]), ctx.e("phone", p["phone"]), amt, ctx.en(5, False)])
        elif kind == 1:
            rows.append([d, ctx.e("person", p["name"]), ctx.e("cn_id", p["idno"]), ctx.e("bank_card", p["card"]), amt, ctx.zh(5, False)])
        else:
            rows.append([d, ctx.e("ip", r.choice(pool["ip"])), p["handle"], ctx.e("wxid", p["wxid"]), str(r.randint(1, 10**9)), ctx.en(5, False)])
    return head, rows


def mk_csv(ctx, plants, member=None):
    head, rows = table_rows(ctx, min(4000, ctx.size(90)))
    if plants:
        rows[ctx.rng.randrange(len(rows))][5] = plant_line(ctx, plants).replace("\n", " ")
    q = lambda s: '"' + s.replace('"', '""') + '"' if ("," in s or '"' in s) else s
    body = "\r\n".join(",".join(q(c) for c in row) for row in [head] + rows) + "\r\n"
    ctx.seg(body, member)
    if ctx.rng.random() < 0.2:
        return body.encode("gb18030")
    return body.encode("utf-8")


def mk_xlsx(ctx, plants, member=None):
    sheets = []
    for s in range(ctx.rng.choice([1, 1, 1, 2, 3])):
        head, rows = table_rows(ctx, min(3000, ctx.size(60)))
        sheets.append((["Summary", "明细", "Sheet3"][s], [head] + rows))
    if plants:
        rows = sheets[-1][1]
        rows[ctx.rng.randrange(1, len(rows))][5] = plant_line(ctx, plants).replace("\n", " ")
    ctx.seg("\n".join("\t".join(r) for _, rows in sheets for r in rows), member)
    ss, order, nrefs, parts = {}, [], 0, []
    esc = lambda s: html.escape(s, quote=False)
    for _, rows in sheets:
        x = []
        for rn, row in enumerate(rows, 1):
            cells = []
            for c, v in enumerate(row):
                ref = "ABCDEF"[c] + str(rn)
                if c == 4 and rn > 1:
                    cells.append(f'<c r="{ref}"><v>{v}</v></c>')
                else:
                    if v not in ss:
                        ss[v] = len(order)
                        order.append(v)
                    nrefs += 1
                    cells.append(f'<c r="{ref}" t="s"><v>{ss[v]}</v></c>')
            x.append(f'<row r="{rn}">{"".join(cells)}</row>')
        parts.append('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + "".join(x) + "</sheetData></worksheet>")
    n = len(sheets)
    ct = ('<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
          '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
          + "".join(f'<Override PartName="/xl/worksheets/sheet{k+1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>' for k in range(n)) + "</Types>")
    wb = ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
          + "".join(f'<sheet name="{s[0]}" sheetId="{k+1}" r:id="rId{k+1}"/>' for k, s in enumerate(sheets)) + "</sheets></workbook>")
    R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    wr = ('<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
          + "".join(f'<Relationship Id="rId{k+1}" Type="{R}/worksheet" Target="worksheets/sheet{k+1}.xml"/>' for k in range(n))
          + f'<Relationship Id="rId{n+1}" Type="{R}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
    sst = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="{nrefs}" uniqueCount="{len(order)}">'
           + "".join(f"<si><t>{esc(v)}</t></si>" for v in order) + "</sst>")
    return zip_bytes([("[Content_Types].xml", ct),
        ("_rels/.rels", f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{R}/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", wb), ("xl/_rels/workbook.xml.rels", wr), ("xl/sharedStrings.xml", sst)]
        + [(f"xl/worksheets/sheet{k+1}.xml", p) for k, p in enumerate(parts)])


class Font:
    """Raw glyph access for subsetting: rebuilds a minimal TrueType file from chosen glyphs."""
    def __init__(self, path):
        from fontTools.ttLib import TTFont
        f = TTFont(path, fontNumber=0, lazy=True)
        self.cmap = f.getBestCmap()
        order = f.getGlyphOrder()
        self.gid = {n: i for i, n in enumerate(order)}
        self.cmap = {c: self.gid[n] for c, n in self.cmap.items()}
        self.loca = list(f["loca"].locations)
        self.raw = f.reader["glyf"]
        self.head, self.hhea, self.maxp = f.reader["head"], f.reader["hhea"], f.reader["maxp"]
        self.extra = [(t, f.reader[t]) for t in ("cvt ", "fpgm", "prep") if t in f.reader]
        self.upm = f["head"].unitsPerEm
        nm, hm = f["hhea"].numberOfHMetrics, f.reader["hmtx"]
        self.adv = [struct.unpack_from(">Hh", hm, 4 * min(i, nm - 1)) for i in range(len(order))]

    def glyph(self, g):
        return self.raw[self.loca[g]:self.loca[g + 1]]

    def subset(self, chars):
        gids, new = [0], {0: 0}

        def add(g):
            if g not in new:
                new[g] = len(gids)
                gids.append(g)
            return new[g]
        cid = {c: add(self.cmap.get(ord(c), 0)) for c in chars}
        blobs, k = [], 0
        while k < len(gids):
            b = self.glyph(gids[k])
            if b[:2] > b"\x7f":  # composite: renumber its parts
                b = bytearray(b)
                p, flags = 10, 0x20
                while flags & 0x20:
                    flags, g = struct.unpack_from(">HH", b, p)
                    struct.pack_into(">H", b, p + 2, add(g))
                    p += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0)
                b = bytes(b)
            blobs.append(b + b"\0" * (-len(b) % 4))
            k += 1
        n = len(gids)
        loca = struct.pack(f">{n+1}L", *itertools.accumulate([0] + [len(b) for b in blobs]))
        head = bytearray(self.head)
        struct.pack_into(">h", head, 50, 1)
        tabs = [("glyf", b"".join(blobs)), ("head", bytes(head)), ("hhea", self.hhea[:34] + struct.pack(">H", n)),
                ("hmtx", b"".join(struct.pack(">Hh", *self.adv[g]) for g in gids)), ("loca", loca),
                ("maxp", self.maxp[:4] + struct.pack(">H", n) + self.maxp[6:])] + self.extra
        tabs.sort()
        off, d, body = 12 + 16 * len(tabs), b"", b""
        for t, data in tabs:
            d += t.encode() + struct.pack(">LLL", 0, off + len(body), len(data))
            body += data + b"\0" * (-len(data) % 4)
        m = len(tabs).bit_length() - 1
        return struct.pack(">LHHHH", 0x10000, len(tabs), 16 << m, m, 16 * len(tabs) - (16 << m)) + d + body, cid, [self.adv[g][0] * 1000 // self.upm for g in gids]


def mk_pdf(ctx, plants, member=None):
    lang = ctx.lang()
    t = ctx.title(lang)
    ps = ctx.paras(lang, ctx.size(500, 8000))
    if plants:
        ps.insert(ctx.rng.randrange(len(ps) + 1), plant_line(ctx, plants))
    ctx.seg(t + "\n" + "\n".join(ps), member)
    lines = [t, ""]
    for p in ps:
        for part in p.split("\n"):
            cur, w = [], 0
            for tok in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+", part):
                tw = 2 if tok > "\u2e80" else len(tok)
                if w + tw > 92 and cur:
                    lines.append("".join(cur).rstrip())
                    cur, w = [], 0
                    if tok.isspace():
                        continue
                cur.append(tok)
                w += tw
            lines.append("".join(cur).rstrip())
        lines.append("")
    chars = sorted(set("".join(lines)))
    font = ctx.g.get("font")
    if font:
        ttf, cid, widths = font.subset(chars)
        W = "[0 [" + " ".join(map(str, widths)) + "]]"
        fd_file = 1
    else:
        cid = {c: k + 1 for k, c in enumerate(chars)}
        W = "[1 [" + " ".join("1000" if c > "\u2e80" else "500" for c in chars) + "]]"
        ttf, fd_file = None, 0
    maps = [f"<{cid[c]:04X}> <{c.encode('utf-16-be').hex().upper()}>" for c in chars if cid[c]]
    tou = ("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
           "/CMapName /Adobe-Identity-UCS def /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
           + "".join(f"{len(maps[k:k+100])} beginbfchar\n" + "\n".join(maps[k:k + 100]) + "\nendbfchar\n" for k in range(0, len(maps), 100))
           + "endcmap CMapName currentdict /CMap defineresource pop end end").encode()
    objs = []

    def obj(data, stream=None):
        if stream is not None:
            z = zlib.compress(stream, 6)
            data = f"<< {data} /Filter /FlateDecode /Length {len(z)} >>\nstream\n".encode() + z + b"\nendstream"
        else:
            data = data.encode()
        objs.append(data)
        return len(objs)
    obj("<< /Type /Catalog /Pages 2 0 R >>")
    objs.append(b"")
    f_tou = obj("", tou)
    ff = obj(f"/Length1 {len(ttf)}", ttf) if fd_file else 0
    fdesc = obj(f"<< /Type /FontDescriptor /FontName /AAAAAA+Body /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80{f' /FontFile2 {ff} 0 R' if ff else ''} >>")
    dfont = obj(f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Body /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {fdesc} 0 R /DW 1000 /W {W} /CIDToGIDMap /Identity >>")
    f0 = obj(f"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Body /Encoding /Identity-H /DescendantFonts [{dfont} 0 R] /ToUnicode {f_tou} 0 R >>")
    kids = []
    for k in range(0, len(lines), 52):
        cs = "BT /F1 10 Tf 14 TL 50 790 Td\n" + "\n".join(("<" + "".join(f"{cid[c]:04X}" for c in ln) + "> Tj T*") if ln else "T*" for ln in lines[k:k + 52]) + "\nET"
        c = obj("", cs.encode())
        kids.append(obj(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 {f0} 0 R >> >> /Contents {c} 0 R >>"))
    objs[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{k} 0 R' for k in kids)}] >>".encode()
    out, offs = [b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"], []
    pos = len(out[0])
    for k, o in enumerate(objs, 1):
        b = f"{k} 0 obj\n".encode() + o + b"\nendobj\n"
        offs.append(pos)
        out.append(b)
        pos += len(b)
    out.append(f"xref\n0 {len(objs)+1}\n0000000000 65535 f \n".encode() + b"".join(f"{o:010d} 00000 n \n".encode() for o in offs)
               + f"trailer\n<< /Size {len(objs)+1} /Root 1 0 R >>\nstartxref\n{pos}\n%%EOF\n".encode())
    return b"".join(out)


def enc_word(s):
    if s.isascii():
        return s
    out, cur = [], ""
    for ch in s:
        if len((cur + ch).encode()) > 42:
            out.append(cur)
            cur = ""
        cur += ch
    out.append(cur)
    return "\r\n ".join("=?utf-8?B?" + base64.b64encode(c.encode()).decode() + "?=" for c in out)


def b64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


ATTACH = [("docx", mk_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
          ("txt", mk_txt, "application/octet-stream"), ("pdf", mk_pdf, "application/pdf"),
          ("xlsx", mk_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("csv", mk_csv, "text/csv")]


def mk_eml(ctx, plants, member=None, ordinal=0):
    r, g = ctx.rng, ctx.g
    tid, pos = divmod(ordinal, 4)               # threads of up to four messages
    tr = random.Random(f"{g['seed']}:thread:{tid}")
    ppl = [g["world"]["people"][tr.randrange(len(g["world"]["people"]))] for _ in range(4)]
    tctx = Ctx(g, tr)
    tlang = tctx.lang()
    subj = tctx.title("zh" if tlang == "zh" else "en")
    a, b = ppl[pos % 4], ppl[(pos + 1) % 4]
    when = EPOCH + timedelta(minutes=tr.randrange(3600000) + 190 * pos)
    mid = lambda k: f"<{tid}.{k}.{g['seed']}@{ppl[0]['email'].split('@')[1]}>"
    body = ctx.text(tlang, ctx.size(110, 3000))
    in_att = False
    n_att = r.choice([1, 1, 2, 3]) if r.random() < 0.25 else 0
    if plants:
        in_att = n_att > 0 and r.random() < 0.5
        if not in_att:
            body += "\n\n" + plant_line(ctx, plants)
    sig = f"\n\n--\n{ctx.e('person', a['name'])}\n{a['company']}\n{ctx.e('phone', a['phone'])}\n"
    quoted = ""
    if pos:
        quoted = f"\nOn {when:%Y-%m-%d}, {ctx.e('person', b['name'])} wrote:\n> " + ctx.text(tlang, 30, False).replace("\n", "\n> ") + "\n"
    subject = ("Re: " if pos else "") + subj
    adr = lambda p: f"{enc_word(ctx.e('person', p['name'])) if p['zh'] else chr(34) + ctx.e('person', p['name']) + chr(34)} <{ctx.e('email', p['email'])}>"
    hd = [f"Return-Path: <{a['email']}>", f"Received: from {a['email'].split('@')[1]} ([{ctx.e('ip', r.choice(g['world']['pool']['ip']))}]) by mx.example.org; {when:%a, %d %b %Y %H:%M:%S} +0000",
          f"From: {adr(a)}", f"To: {adr(b)}", f"Subject: {enc_word(subject)}",
          f"Date: {when:%a, %d %b %Y %H:%M:%S} +0000", f"Message-ID: {mid(pos)}", "MIME-Version: 1.0"]
    if r.random() < 0.3:
        hd.insert(4, f"Cc: {adr(ppl[(pos + 2) % 4])}")
    if pos:
        hd += [f"In-Reply-To: {mid(pos - 1)}", "References: " + " ".join(mid(k) for k in range(pos))]
    full = body + sig + quoted
    names = " ".join(f"{p['name']} {p['email']}" for p in (a, b))
    ctx.seg(f"{subject}\n{names}\n{full}", member)
    charset = "gb18030" if tlang != "en" and r.random() < 0.2 else "utf-8"
    crlf = full.replace("\n", "\r\n")
    if tlang == "en" and full.isascii():
        text = f"Content-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{crlf}\r\n".encode()
    else:
        text = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + b64(crlf.encode(charset))
    if r.random() < 0.3:
        hb = "<html><body>" + "".join(f"<p>{html.escape(x)}</p>" for x in full.split("\n") if x) + "</body></html>"
        bd = f"alt{ordinal}x"
        text = (f"Content-Type: multipart/alternative; boundary=\"{bd}\"\r\n\r\n--{bd}\r\n".encode() + text + f"--{bd}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
                + b64(hb.encode()) + f"--{bd}--\r\n".encode())
    if not n_att:
        return ("\r\n".join(hd) + "\r\n").encode() + text
    bd = f"mix{ordinal}y"
    out = [("\r\n".join(hd) + f"\r\nContent-Type: multipart/mixed; boundary=\"{bd}\"\r\n\r\n--{bd}\r\n").encode(), text]
    for k in range(n_att):
        ext, fn, ct = r.choice(ATTACH)
        name = f"{ctx.title('en').replace(' ', '_')[:40]}.{ext}"
        mem = name if member is None else f"{member}!/{name}"
        data = fn(ctx, plants if in_att and k == 0 else [], mem)
        out.append(f"--{bd}\r\nContent-Type: {ct}; name=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n".encode())
        out.append(b64(data))
    out.append(f"--{bd}--\r\n".encode())
    return b"".join(out)


def mk_zip(ctx, plants, member=None):
    r, members = ctx.rng, []
    n = r.randrange(3, 12)
    hit = r.randrange(n)
    for k in range(n):
        ext, fn = r.choice([("txt", mk_txt), ("txt", mk_txt), ("html", mk_html), ("docx", mk_docx), ("csv", mk_csv), ("pdf", mk_pdf), ("xlsx", mk_xlsx)])
        name = f"{r.choice(['docs', 'export', '资料', 'old'])}/{k:02d}_{ctx.title('en').replace(' ', '_')[:30]}.{ext}"
        members.append((name, fn(ctx, plants if k == hit else [], name)))
    return zip_bytes(members)


MAKERS = {"html": mk_html, "docx": mk_docx, "xlsx": mk_xlsx, "pdf": mk_pdf, "csv": mk_csv, "zip": mk_zip}


def build_doc(g, i):
    """Bytes, context and extension of document i (never a duplicate index)."""
    kind = g["kinds"][i]
    ctx = Ctx(g, random.Random(f"{g['seed']}:doc:{i}"))
    plants = g["plants"].get(i, [])
    if kind == "txt":
        md = ctx.rng.random() < 0.2
        return mk_txt(ctx, plants, md=md), ctx, "md" if md else "txt"
    if kind == "eml":
        return mk_eml(ctx, plants, ordinal=g["ord"][i]), ctx, "eml"
    return MAKERS[kind](ctx, plants), ctx, kind


def doc_path(g, i, ext):
    r = random.Random(f"{g['seed']}:path:{i}")
    c = Ctx(g, r)
    d = i // 150
    dr = random.Random(f"{g['seed']}:dir:{d}")
    top, year = dr.choice(DEPTS), dr.randint(2015, 2023)
    title = c.title("zh" if r.random() < 0.3 else "en")[:40]
    title = re.sub(r"[^\w\- ]", "", title)
    if r.random() < 0.5:
        title = title.replace(" ", "_")
    return f"{top}/{year}/{d:04d}/{i:07d} {title}.{ext}"


# --------------------------------------------------------------------------- chats
def chat_text(ctx, zh_share):
    n = max(1, min(120, int(ctx.rng.lognormvariate(0, 0.9) * 9)))
    zh = ctx.rng.random() < zh_share
    s = ctx.zh(n, False).rstrip("。") if zh else ctx.en(n, False).rstrip(".")
    if ctx.rng.random() < 0.06:
        s += ("，" if zh else ", ") + ctx.mention(zh)
    return s


def chat_file(g, job):
    """One chat job -> [(relative path, bytes)], ctx. Messages carry (when, person, text)."""
    kind, cno, n = job
    ctx = Ctx(g, random.Random(f"{g['seed']}:chat:{kind}:{cno}"))
    r, people = ctx.rng, g["world"]["people"]
    zh_share = {"telegram": 0.3, "whatsapp": 0.2, "slack": 0.1, "mdtable": 0.97, "csvlog": 0.97, "jabber": 0.05}[kind] if g["han"] is None else g["han"]
    members = [people[r.randrange(len(people))] for _ in range(2 if kind in ("mdtable", "csvlog") and r.random() < 0.7 else r.randrange(3, 25))]
    t = EPOCH + timedelta(days=r.randrange(1500))
    msgs = []
    plants = g["chat_plants"].get((kind, cno), {})
    for k in range(n):
        t += timedelta(seconds=int(r.expovariate(1 / 240.0)) + 1)
        who = members[r.randrange(len(members))]
        s = chat_text(ctx, zh_share)
        if k in plants:
            s += " " + plant_line(ctx, plants[k]).replace("\n", " ")
        msgs.append((t, who, s))
    base = f"Chats/{kind}"
    files = []
    if kind == "telegram":
        path = f"{base}/ChatExport_{t:%Y-%m-%d}_{cno:03d}/result.json"
        js = {"name": f"group {cno}", "type": "private_supergroup", "id": 1000000 + cno, "messages": []}
        for k, (w, p, s) in enumerate(msgs):
            ctx.seg(s, None, k + 1)
            ctx.e("person", p["name"])
            m = {"id": k + 1, "type": "message", "date": f"{w:%Y-%m-%dT%H:%M:%S}", "date_unixtime": str(int(w.timestamp())),
                 "from": p["name"], "from_id": f"user{9000000 + int(hashlib.md5(p['wxid'].encode()).hexdigest()[:6], 16)}"}
            if k and r.random() < 0.12:
                m["reply_to_message_id"] = r.randint(max(1, k - 20), k)
            m["text"] = [s, {"type": "hashtag", "text": "#ops"}] if r.random() < 0.03 else s
            m["text_entities"] = [{"type": "plain", "text": s}]
            js["messages"].append(m)
        files.append((path, json.dumps(js, ensure_ascii=False, indent=1).encode()))
    elif kind == "whatsapp":
        ios = cno % 2
        path = f"{base}/" + (f"chat_{cno:03d}/_chat.txt" if ios else f"WhatsApp Chat with {members[0]['name']} {cno:03d}.txt")
        out = [] if ios else ["01/01/2019, 00:00 - Messages and calls are end-to-end encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them."]
        for k, (w, p, s) in enumerate(msgs):
            if r.random() < 0.03:
                s = s + "\n" + ctx.en(8, False)
            ctx.seg(s, None, k + 1)
            ctx.e("person", p["name"])
            out.append(f"[{w:%d/%m/%Y}, {w:%H:%M:%S}] {p['name']}: {s}" if ios else f"{w:%d/%m/%Y}, {w:%H:%M} - {p['name']}: {s}")
        files.append((path, ("\n".join(out) + "\n").encode()))
    elif kind == "slack":
        root = f"{base}/workspace_{cno:03d}"
        uid = {p["wxid"]: "U" + hashlib.md5(p["wxid"].encode()).hexdigest()[:9].upper() for p in members}
        days = defaultdict(list)
        for k, (w, p, s) in enumerate(msgs):
            days[f"{w:%Y-%m-%d}"].append((k, w, p, s))
        files.append((f"{root}/users.json", json.dumps([{"id": uid[p["wxid"]], "name": p["handle"], "real_name": p["name"], "profile": {"email": p["email"]}} for p in {q["wxid"]: q for q in members}.values()], ensure_ascii=False, indent=1).encode()))
        files.append((f"{root}/channels.json", json.dumps([{"id": f"C{cno:08d}", "name": "general", "members": sorted(set(uid.values()))}]).encode()))
        for d, ms in days.items():
            arr = []
            for k, w, p, s in ms:
                ctx.seg(s, f"{root}/general/{d}.json", k + 1)
                arr.append({"type": "message", "user": uid[p["wxid"]], "text": s, "ts": f"{w.timestamp():.0f}.{k % 1000000:06d}"})
            files.append((f"{root}/general/{d}.json", json.dumps(arr, ensure_ascii=False, indent=1).encode()))
    elif kind in ("mdtable", "csvlog"):
        md = kind == "mdtable"
        path = f"{base}/聊天记录_{cno:03d}." + ("md" if md else "csv")
        out = [f"# {members[0]['wxid']} 与 {members[-1]['wxid']} 聊天记录", "", "| 时间 | 发送者 | 接收者 | 内容 |", "| --- | --- | --- | --- |"] if md else ["时间,发送者,接收者,内容"]
        for k, (w, p, s) in enumerate(msgs):
            q = members[(members.index(p) + 1) % len(members)]
            ctx.seg(s, None, k + 1)
            ctx.e("wxid", p["wxid"]), ctx.e("wxid", q["wxid"])
            if md:
                out.append(f"| {w:%Y-%m-%d %H:%M:%S} | {p['wxid']} | {q['wxid']} | {s.replace('|', '/')} |")
            else:
                out.append(f"{w:%Y-%m-%d %H:%M:%S},{p['wxid']},{q['wxid']},\"{s.replace(chr(34), chr(34) * 2)}\"")
        files.append((path, ("\n".join(out) + "\n").encode("gb18030" if not md and cno % 3 == 1 else "utf-8")))
    else:  # jabber
        path = f"{base}/185.{cno:03d}.json"
        out = []
        for k, (w, p, s) in enumerate(msgs):
            q = members[r.randrange(len(members))]
            ctx.seg(s, None, k + 1)
            out.append(json.dumps({"ts": f"{w:%Y-%m-%dT%H:%M:%S}.{k % 1000000:06d}", "from": f"{p['handle']}@q3mcco35example.onion",
                                   "to": f"{q['handle']}@q3mcco35example.onion", "body": s}, ensure_ascii=False, indent=2))
        files.append((path, ("\n".join(out) + "\n").encode()))
    return files, ctx


# --------------------------------------------------------------------------- truth
def probe_match(kind, terms, low, toks, phr):
    if kind == "word":
        return terms[0] in toks
    if kind == "and":
        return all(t in toks for t in terms)
    if kind == "or":
        return any(t in toks for t in terms)
    if kind == "not":
        return terms[0] in toks and terms[1] not in toks
    if kind == "phrase":
        return f" {terms[0]} " in phr
    return all(t in low for t in terms)  # zh, zhand: substring


class Tally:
    def __init__(self):
        self.hits, self.decoys = defaultdict(list), defaultdict(list)
        self.probes, self.probe_files = Counter(), defaultdict(list)
        self.ents = {}
        self.stats = Counter()
        self.paths = {}
        self.dups = []

    def scan(self, path, ctx, by_member_file=False):
        groups = {path: ctx.segs}
        if by_member_file:
            groups = defaultdict(list)
            for s in ctx.segs:
                groups[s[1]].append((s[0], None, s[2]))
        for fpath, segs in groups.items():
            whole = "\n".join(s[0] for s in segs)
            low = whole.lower()
            self.stats["text_chars"] += len(whole)
            self.stats["text_bytes"] += len(whole.encode())
            for t in NEEDLES:
                tl = t.lower()
                if tl in low:
                    for s, member, message in segs:
                        if tl in s.lower():
                            h = {"file": fpath}
                            if member:
                                h["member"] = member
                            if message:
                                h["message"] = message
                            self.hits[t].append(h)
            ws = WORD_RE.findall(low)
            toks, phr = set(ws), " " + " ".join(ws) + " "
            for d, ws3 in EN_DECOY.items():
                if d not in low and all(w in toks for w in ws3) and f"found {ws3[0]} near the {ws3[1]}" in low:
                    self.decoys[d].append(fpath)
            for d, ws3 in ZH_DECOY.items():
                if d not in low and all(w in low for w in ws3) and f"{ws3[0]}尚未开始" in low:
                    self.decoys[d].append(fpath)
            for pid, kind, terms in PROBES:
                if probe_match(kind, terms, low, toks, phr):
                    self.probes[pid] += 1
                    if len(self.probe_files[pid]) < 200:
                        self.probe_files[pid].append(fpath)
        for (kind, v), n in ctx.ents.items():
            a = self.ents.setdefault((kind, v), [0, 0])
            a[0] += n
            a[1] += 1

    def merge(self, o):
        for k, v in o.hits.items():
            self.hits[k] += v
        for k, v in o.decoys.items():
            self.decoys[k] += v
        self.probes.update(o.probes)
        for k, v in o.probe_files.items():
            self.probe_files[k] = (self.probe_files[k] + v)[:200]
        for k, (n, f) in o.ents.items():
            a = self.ents.setdefault(k, [0, 0])
            a[0] += n
            a[1] += f
        self.stats.update(o.stats)
        self.dups += o.dups


NEEDLES = EN_NEEDLE_WORDS + EN_NEEDLE_PHRASES + ZH_NEEDLE_WORDS2 + ZH_NEEDLE_WORDS3 + ZH_NEEDLE_PHRASES + MIXED_NEEDLES
G = {}


def write(out, rel, data, when):
    p = os.path.join(out, rel)
    d = os.path.dirname(p)
    if d not in G["made"]:
        os.makedirs(d, exist_ok=True)
        G["made"].add(d)
    with open(p, "wb") as f:
        f.write(data)
    os.utime(p, (when, when))


def work(task):
    what, arg = task
    T = Tally()
    if what == "docs":
        for i in range(*arg):
            src = G["dup_of"].get(i, i)
            data, ctx, ext = build_doc(G, src)
            rel = doc_path(G, i, ext)
            write(G["out"], rel, data, EPOCH.timestamp() + (i * 7919) % 200000000)
            T.stats["files"] += 1
            T.stats["bytes"] += len(data)
            T.stats[f"kind_{ext}"] += 1
            T.stats[f"bytes_{ext}"] += len(data)
            if src != i:
                T.dups.append([rel, doc_path(G, src, ext)])
            T.scan(rel, ctx)
    else:
        for job in arg:
            files, ctx = chat_file(G, job)
            for rel, data in files:
                write(G["out"], rel, data, EPOCH.timestamp() + 150000000 + job[1])
                T.stats["files"] += 1
                T.stats["bytes"] += len(data)
                T.stats[f"kind_chat_{job[0]}"] += 1
                T.stats[f"bytes_chat_{job[0]}"] += len(data)
            T.stats["messages"] += job[2]
            T.scan(files[0][0], ctx, by_member_file=job[0] == "slack")
    return T


def shares(spec):
    return {k: float(v) for k, v in (p.split("=") for p in spec.split(","))}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", required=True)
    ap.add_argument("--truth", required=True)
    ap.add_argument("--docs", type=int, default=1000)
    ap.add_argument("--messages", type=int, default=0)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--mix", default=DEFAULT_MIX)
    ap.add_argument("--chat-mix", default=DEFAULT_CHAT_MIX)
    ap.add_argument("--chat-size", type=int, default=4000, help="most messages in one chat")
    ap.add_argument("--en-words")
    ap.add_argument("--zh-words")
    ap.add_argument("--cjk-font", help="TrueType/TTC font with CJK glyphs, embedded (subset) in PDFs")
    ap.add_argument("--scans", type=int, default=0)
    ap.add_argument("--han", type=float, help="share of texts and messages in Chinese, 0 to 1 (default: a mix, mostly English)")
    ap.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    a = ap.parse_args()
    out, truth = os.path.abspath(a.out), os.path.abspath(a.truth)
    if (truth + os.sep).startswith(out + os.sep):
        sys.exit("the truth file must lie outside the corpus folder")
    if os.path.exists(out) and os.listdir(out):
        sys.exit(f"{out} is not empty")
    os.makedirs(out, exist_ok=True)
    t0 = time.time()
    en, en_cw, zh, zh_cw, src = load_vocab(a.en_words, a.zh_words)
    rng = random.Random(f"{a.seed}:plan")
    mix = shares(a.mix)
    names, cw = list(mix), list(itertools.accumulate(mix.values()))
    kinds = rng.choices(names, cum_weights=cw, k=a.docs)
    real = [i for i, k in enumerate(kinds) if k != "dup"]
    dup_of, order, n_eml = {}, {}, 0
    for i, k in enumerate(kinds):
        if k == "dup" and real:
            dup_of[i] = rng.choice(real)
        if k == "eml":
            order[i] = n_eml
            n_eml += 1
    plants, chat_plants = defaultdict(list), defaultdict(lambda: defaultdict(list))
    jobs = []
    for kind, share in shares(a.chat_mix).items():
        left, c = int(a.messages * share / sum(shares(a.chat_mix).values())), 0
        while left > 0:
            n = min(left, a.chat_size)
            jobs.append((kind, c, n))
            left -= n
            c += 1
    for t in NEEDLES:
        for _ in range(rng.choice([1, 2, 3])):
            if real:
                plants[rng.choice(real)].append((t, "needle"))
        if jobs and rng.random() < 0.6:
            j = rng.choice(jobs)
            chat_plants[(j[0], j[1])][rng.randrange(j[2])].append((t, "needle"))
    for t in EN_NEEDLE_PHRASES + ZH_NEEDLE_PHRASES:
        for _ in range(4):
            if real:
                plants[rng.choice(real)].append((t, "decoy_en" if t in EN_DECOY else "decoy_zh"))
    world = make_world(a.seed, a.docs + a.messages // 10)
    G.update(out=out, seed=a.seed, han=a.han, en=en, en_cw=en_cw, zh=zh, zh_cw=zh_cw, kinds=kinds, dup_of=dup_of, ord=order,
             plants=dict(plants), chat_plants={k: dict(v) for k, v in chat_plants.items()}, world=world, made=set(),
             font=Font(a.cjk_font) if a.cjk_font else None)
    tasks = [("docs", (s, min(a.docs, s + 100))) for s in range(0, a.docs, 100)] + [("chats", [j]) for j in jobs]
    T = Tally()
    if a.jobs > 1:
        with mp.get_context("fork").Pool(a.jobs) as pool:
            for r in pool.imap(work, tasks, chunksize=1):
                T.merge(r)
    else:
        for t in tasks:
            T.merge(work(t))
    scans = []
    if a.scans:
        from PIL import Image, ImageDraw, ImageFont
        fnt = ImageFont.truetype(a.cjk_font, 28)
        for k in range(a.scans):
            c = Ctx(G, random.Random(f"{a.seed}:scan:{k}"))
            lang = "zh" if k % 2 else "en"
            w = 34 if lang == "zh" else 76
            s = c.text(lang, 90, False)
            lines = [s[j:j + w] for j in range(0, min(len(s), w * 40), w)]
            im = Image.new("L", (1240, 1754), 250)
            d = ImageDraw.Draw(im)
            for n, ln in enumerate(lines):
                d.text((90, 90 + n * 40), ln, font=fnt, fill=25)
            im = im.rotate(c.rng.uniform(-0.6, 0.6), fillcolor=250)
            b = io.BytesIO()
            im.save(b, "PNG", dpi=(150, 150))
            rel = f"Scans/{k:04d}_{lang}.png"
            write(out, rel, b.getvalue(), EPOCH.timestamp())
            T.stats["files"] += 1
            T.stats["bytes"] += len(b.getvalue())
            scans.append({"file": rel, "lang": lang, "text": "\n".join(lines)})
    ents = defaultdict(dict)
    for (kind, v), c in sorted(T.ents.items()):
        ents[kind][v] = c
    kind_of = lambda t: ("zh2" if t in ZH_NEEDLE_WORDS2 else "zh3" if t in ZH_NEEDLE_WORDS3 else "zh_phrase" if t in ZH_NEEDLE_PHRASES
                         else "en_phrase" if t in EN_NEEDLE_PHRASES else "mixed" if t in MIXED_NEEDLES else "en_word")
    doc = {"format": 1, "params": {"docs": a.docs, "messages": a.messages, "seed": a.seed, "mix": a.mix, "chat_mix": a.chat_mix,
                                   "chat_size": a.chat_size, "embedded_font": bool(a.cjk_font), "scans": a.scans},
           "vocab": src, "stats": dict(sorted(T.stats.items())),
           "needles": {t: {"kind": kind_of(t), "hits": sorted(T.hits[t], key=lambda h: (h["file"], h.get("message", 0))), "decoys": sorted(T.decoys.get(t, []))} for t in NEEDLES},
           "probes": {p: {"kind": k, "terms": ts, "files": T.probes[p], "sample": sorted(T.probe_files[p])} for p, k, ts in PROBES},
           "entities": ents, "duplicates": T.dups, "scans": scans,
           "people": world["people"]}
    with open(truth, "w", encoding="utf-8") as f:
        json.dump(doc, f, ensure_ascii=False, indent=0, sort_keys=True)
    print(json.dumps({"seconds": round(time.time() - t0, 1), **dict(sorted(T.stats.items()))}))


if __name__ == "__main__":
    main()
