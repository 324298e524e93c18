"""Plot lines and everyday noise become chat exports of seven families.

Every function writes files through `leak.add` and tells `leak.message` what a reader must find."""

import html
import json
import random
from datetime import datetime, timedelta, timezone

import people as p
from noise import Talker
from plot import parse

UTC = timezone.utc
HOLIDAY = {f"2022-10-0{d}" for d in range(1, 8)} | {"2022-05-02", "2022-05-03", "2022-05-04", "2022-06-03", "2022-09-12"}


class Msg:
    def __init__(self, when, who, text):
        self.when, self.who, self.text = when, who, text  # aware time, key of the speaker


def local(stamp):
    return datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=p.CN)


def days(first, last, weekends=False):
    day, out = local(first + " 00:00:00"), []
    while day <= local(last + " 00:00:00"):
        text = day.strftime("%Y-%m-%d")
        if (weekends or day.weekday() < 5) and text not in HOLIDAY:
            out.append(text)
        day += timedelta(days=1)
    return out


def hour_for(rng, lines):
    """An hour of the local day at which such talk is likely."""
    text = "".join(t for _, t in lines)
    first = lines[0][1]
    if first.startswith(("早", "morning", "привет")) or "晚到" in text:
        return 9
    if "中午" in text or "拼单" in text or "食堂" in text or "lunch" in text:
        return 11
    if "睡了" in text or "到家" in text or "晚安" in text:
        return rng.choice([21, 22])
    return rng.choice([9, 9, 10, 10, 10, 11, 13, 14, 14, 15, 15, 16, 16, 17, 17, 18, 18, 20])


def build(name, speakers, bags, total, on_days, least=0):
    """Plot lines of `name` with noise between them, in the order of time."""
    rng = random.Random(f"{p.SEED}-{name}")
    talker = Talker(rng, bags)
    out = [Msg(local(t), who, text) for t, who, text in parse(name)]
    busy = [m.when for m in out]
    while len(out) < total:
        lines = talker.session(speakers, max(2, total - len(out)))
        for _ in range(200):
            day = rng.choice(on_days)
            start = local(day + " 00:00:00") + timedelta(hours=hour_for(rng, lines), seconds=rng.randrange(3200))
            if all(abs((start - b).total_seconds()) > 1500 for b in busy):
                break
        busy.append(start)
        when = start
        for who, text in lines:
            out.append(Msg(when, who, text))
            when += timedelta(seconds=rng.choice([3, 6, 9, 14, 22, 35, 48, 70, 110]) + rng.randrange(5))
    out.sort(key=lambda m: m.when)
    # One second apart at least: the order of the file is then the order of time.
    for before, after in zip(out, out[1:]):
        if after.when <= before.when:
            after.when = before.when + timedelta(seconds=1)
    return out


# --------------------------------------------------------------------------- WeChat tables

WECHAT = {k: getattr(p, k.upper()).wechat for k in ("lu", "shen", "gu", "xu", "linmo", "qiu", "tian", "linjh", "han")}


def wechat_rows(messages, pair=None, group=None):
    rows = []
    for m in messages:
        to = group or WECHAT[pair[0] if m.who == pair[1] else pair[1]]
        rows.append((m.when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"), WECHAT[m.who], to, m.text))
    return rows


def tell_rows(leak, path, rows, conversation, kind):
    for time, sender, _, text in rows:
        leak.message("wechat", conversation, kind, path, time, sender, text, "text" if text else "empty",
                     time.replace(" ", "T") + "Z")


def html_table(leak, path, rows, conversation, kind):
    out = ["<table>", "<tr><th>Time</th><th>From</th><th>To</th><th>Message</th></tr>"]
    for row in rows:
        cells = "".join("<td>" + html.escape(c, quote=False).replace("\n", "<br>") + "</td>" for c in row)
        out.append("<tr>" + cells + "</tr>")
    out.append("</table>")
    leak.add(path, ("\n".join(out) + "\n").encode(), "md", "export")
    tell_rows(leak, path, rows, conversation, kind)


def pipe_table(leak, path, rows, conversation, kind):
    out = ["| Time | From | To | Message |", "| --- | --- | --- | --- |"]
    out += ["| " + " | ".join(c.replace("|", "\\|").replace("\n", "<br>") for c in row) + " |" for row in rows]
    leak.add(path, ("\n".join(out) + "\n").encode(), "md", "export")
    tell_rows(leak, path, rows, conversation, kind)


def json_table(leak, path, rows, conversation, kind):
    data = [dict(zip(("time", "from", "to", "message"), row)) for row in rows]
    leak.add(path, json.dumps(data, ensure_ascii=False, indent=1).encode(), "json", "export")
    tell_rows(leak, path, rows, conversation, kind)


def pair_key(a, b):
    return " ↔ ".join(sorted([WECHAT[a], WECHAT[b]]))


def wechat(leak):
    year = days("2022-02-21", "2022-12-16")
    box = "聊天/微信/"

    first = build("shen-han", ["shen", "han"], ["SALES"], 150, days("2022-02-24", "2022-12-02"))
    rows = wechat_rows(first, pair=("shen", "han"))
    html_table(leak, box + "01.md", rows, pair_key("shen", "han"), "pair")
    # The same month once more, from the other telephone.
    march = [r for r in rows if r[0].startswith("2022-03")]
    html_table(leak, "聊天/微信_补充导出/01_三月.md", march, pair_key("shen", "han"), "pair")

    rows = wechat_rows(build("lu-shen-a", ["lu", "shen"], ["BOSS"], 92, days("2022-02-23", "2022-06-28")),
                       pair=("lu", "shen"))
    html_table(leak, box + "02.md", rows, pair_key("lu", "shen"), "pair")
    rows = wechat_rows(build("lu-shen-b", ["lu", "shen"], ["BOSS"], 71, days("2022-10-11", "2022-12-27")),
                       pair=("lu", "shen"))
    html_table(leak, "聊天/微信_补充导出/02.md", rows, pair_key("lu", "shen"), "pair")

    staff = ["shen", "gu", "linmo", "qiu", "tian", "xu"]
    rows = wechat_rows(build("group", staff, ["OFFICE", "TECH"], 268, year), group=p.GROUP_ID)
    # What the phone wrote twice stands twice.
    plot = {text for _, _, text in parse("group")}
    for at in (30, 90, 141, 200):
        while rows[at][3] in plot or not rows[at][3]:
            at += 1
        rows.insert(at + 1, rows[at])
    html_table(leak, box + "03.md", rows, p.GROUP_ID, "group")

    rows = wechat_rows(build("gu-linmo", ["gu", "linmo"], ["TECH", "PRIVATE"], 118, year), pair=("gu", "linmo"))
    pipe_table(leak, box + "04.md", rows, pair_key("gu", "linmo"), "pair")
    rows = wechat_rows(build("xu-linjh", ["xu", "linjh"], ["MONEY"], 57, days("2022-03-08", "2022-10-14")),
                       pair=("xu", "linjh"))
    pipe_table(leak, box + "05.md", rows, pair_key("xu", "linjh"), "pair")
    rows = wechat_rows(build("shen-linjh", ["shen", "linjh"], ["ERRAND"], 36, days("2022-03-07", "2022-10-14")),
                       pair=("shen", "linjh"))
    html_table(leak, box + "06.md", rows, pair_key("shen", "linjh"), "pair")
    rows = wechat_rows(build("qiu-tian", ["qiu", "tian"], ["OFFICE", "PRIVATE"], 48, days("2022-10-10", "2022-12-21")),
                       pair=("qiu", "tian"))
    json_table(leak, box + "07.json", rows, pair_key("qiu", "tian"), "pair")


# --------------------------------------------------------------------------- Telegram

TELEGRAM = {"lan": ("Lan S.", "user7190000017"), "falk": (p.FALK, "user7190000101"),
            "kovrov": (p.KOVROV, "user7190000202"), "kettle": ("kettle", "user7190000009")}


def telegram(leak):
    path = "聊天/telegram/ChatExport_2022-11-20/result.json"
    conversation = "Qinghe sales"
    msgs = build("telegram", ["falk", "lan", "lan", "kovrov", "kettle"], ["TRADE"], 112, days("2022-03-14", "2022-11-19"))
    out, number = [], 1000

    def stamp(m):
        return {"date": m.when.strftime("%Y-%m-%dT%H:%M:%S"), "date_unixtime": str(int(m.when.timestamp()))}

    def tell(m, sender, text, kind):
        leak.message("telegram", conversation, "group", path, m.when.strftime("%Y-%m-%dT%H:%M:%S"), sender, text, kind,
                     m.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def service(when, who, action, **more):
        nonlocal number
        m = Msg(when, who, "")
        name, ident = TELEGRAM[who]
        out.append({"id": number, "type": "service", **stamp(m), "actor": name, "actor_id": ident, "action": action,
                    **more, "text": "", "text_entities": []})
        number += 1
        tell(m, ident, None, "system")

    service(local("2022-03-14 08:55:00"), "lan", "create_group", title=conversation,
            members=[TELEGRAM[k][0] for k in ("lan", "falk", "kovrov")])
    service(local("2022-03-14 08:56:10"), "lan", "invite_members", members=["kettle"])
    msgs = [m for m in msgs if m.when > local("2022-03-14 08:57:00")]
    rng = random.Random(f"{p.SEED}-telegram-extras")
    previous = None
    for m in msgs:
        name, ident = TELEGRAM[m.who]
        record = {"id": number, "type": "message", **stamp(m), "from": name, "from_id": ident}
        kind, text = "text", m.text
        if not text:
            record |= {"photo": "(File not included. Change data exporting settings to download.)", "width": 1280, "height": 720}
            kind = "media"
        elif text.startswith("checked, it is"):
            record |= {"edited": "2022-03-22T21:45:12", "edited_unixtime": str(int(local("2022-03-22 21:45:12").timestamp()))}
        elif text == "fine. the deck says 95% accuracy, can I quote that?" and previous:
            record["reply_to_message_id"] = previous
        elif text == "🙄":
            kind = "media"
            record |= {"file": "(File not included. Change data exporting settings to download.)", "media_type": "sticker",
                       "sticker_emoji": "🙄", "width": 512, "height": 512}
        if text and "@blue_kettle" in text:
            record["text"] = [{"type": "mention", "text": "@blue_kettle"}, text.replace("@blue_kettle", "")]
            record["text_entities"] = [{"type": "mention", "text": "@blue_kettle"},
                                       {"type": "plain", "text": text.replace("@blue_kettle", "")}]
        else:
            shown = "" if kind == "media" else text
            record["text"] = shown
            record["text_entities"] = [{"type": "plain", "text": shown}] if shown else []
        if text and rng.random() < 0.06:
            record["reactions"] = [{"type": "emoji", "count": 1, "emoji": "👍"}]
        out.append(record)
        tell(m, ident, text or None, kind)
        previous, number = number, number + 1
        if m.text.startswith("yes, 95% is in the deck"):
            service(m.when + timedelta(seconds=40), "lan", "pin_message", message_id=previous)
    data = {"name": conversation, "type": "private_supergroup", "id": 1900004812, "messages": out}
    leak.add(path, json.dumps(data, ensure_ascii=False, indent=1).encode(), "json", "export")


# --------------------------------------------------------------------------- Slack

SLACK = {"yiming": ("U0JS00009", "yiming", "Gu Yiming", p.GU.mail), "linmo": ("U0JS00031", "linmo", "Lin Mo", p.LINMO.mail),
         "qiu": ("U0JS00035", "qiuye", "Qiu Ye", p.QIU.mail), "dana": ("U0JS00090", "dana", "Dana Okolie", "dana@contractors.example")}


def slack(leak):
    root = "聊天/slack/jishi-dev Slack export Mar 1 2022 - Dec 31 2022/"
    ids = {k: v[0] for k, v in SLACK.items()}
    created = int(local("2022-03-01 10:00:00").timestamp())

    def write(name, data, state="export", rest=None):
        leak.add(root + name, json.dumps(data, ensure_ascii=False, indent=4).encode(), "json", state, rest)

    def channel(ident, name, topic):
        return {"id": ident, "name": name, "created": created, "creator": ids["linmo"], "is_archived": False,
                "is_general": name == "random", "members": list(ids.values()),
                "topic": {"value": topic, "creator": ids["linmo"], "last_set": created},
                "purpose": {"value": "", "creator": "", "last_set": 0}}

    write("channels.json", [channel("C0DELIVER", "delivery", "TingLan delivery"), channel("C0RANDOM", "random", "")],
          "read", "#delivery topic: TingLan delivery")  # a topic is no message: it stays text
    write("dms.json", [{"id": "D0LINQIU", "created": created, "members": [ids["linmo"], ids["qiu"]]}])
    write("users.json", [{"id": i, "team_id": "T0JISHI", "name": name, "deleted": False, "real_name": real,
                          "tz": "Asia/Shanghai", "tz_offset": 28800, "is_bot": False,
                          "profile": {"real_name": real, "display_name": name, "email": mail}}
                         for i, name, real, mail in SLACK.values()])

    def room(name, folder, title, kind, speakers, total, on_days, joined):
        msgs = build(name, speakers, ["ENGLISH"], total, on_days) if name in ("slack-delivery", "slack-dm") else None
        if msgs is None:
            rng = random.Random(f"{p.SEED}-{name}")
            talker, msgs = Talker(rng, ["ENGLISH"]), []
            when = local(on_days[0] + " 09:30:00")
            for day in on_days:
                when = local(day + " 09:30:00")
                for _ in range(3):
                    for who, text in talker.session(speakers, 6):
                        msgs.append(Msg(when, who, text))
                        when += timedelta(seconds=rng.randrange(8, 140))
                    when += timedelta(minutes=rng.randrange(40, 150))
        files = {}
        for at, m in enumerate(msgs):
            ts = f"{int(m.when.timestamp())}.{(at * 7919 + 100) % 999983:06d}"
            record = {"type": "message", "user": ids[m.who], "text": m.text.replace("&", "&amp;").replace("<", "&lt;"), "ts": ts}
            kind_of = "text"
            if m.text.startswith("please keep me out"):
                root_ts = files[m.when.strftime("%Y-%m-%d")][0]["ts"]
                record |= {"thread_ts": root_ts, "parent_user_id": ids["linmo"]}
                files[m.when.strftime("%Y-%m-%d")][0] |= {"thread_ts": root_ts, "reply_count": 1, "reply_users": [ids["dana"]]}
            if m.text.startswith("cdr lookup demo"):
                record["files"] = [{"id": "F0CDR", "name": "cdr_sample_20220317.log", "title": "cdr_sample_20220317.log",
                                    "mimetype": "text/plain", "size": 11904, "url_private": "https://files.example/F0CDR"}]
            if m.text.startswith("recall on the client set"):
                record |= {"edited": {"user": ids["yiming"], "ts": f"{int(m.when.timestamp()) + 95}.000000"},
                           "reactions": [{"name": "eyes", "users": [ids["qiu"], ids["linmo"]], "count": 2}]}
            day = files.setdefault(m.when.strftime("%Y-%m-%d"), [])
            day.append(record)
            tell = leak.message("slack", title, kind, None, ts, ids[m.who], m.text or None, kind_of,
                                m.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
            tell["path"] = root + folder + "/" + m.when.strftime("%Y-%m-%d") + ".json"
        if joined:
            when = msgs[0].when - timedelta(minutes=3)
            day = when.strftime("%Y-%m-%d")
            ts = f"{int(when.timestamp())}.000100"
            files[day].insert(0, {"type": "message", "subtype": "channel_join", "user": ids[joined],
                                  "text": f"<@{ids[joined]}> has joined the channel", "ts": ts})
            leak.message("slack", title, kind, root + folder + "/" + day + ".json", ts, ids[joined], None, "system",
                         when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        for day, records in sorted(files.items()):
            write(f"{folder}/{day}.json", records)

    plot_days = sorted({t[:10] for t, _, _ in parse("slack-delivery")})
    room("slack-delivery", "delivery", "delivery", "channel", ["linmo", "qiu", "dana"], 66, plot_days, "dana")
    room("slack-random", "random", "random", "channel", ["yiming", "linmo", "qiu", "dana"], 0, ["2022-09-09"], None)
    room("slack-dm", "D0LINQIU", "D0LINQIU", "pair", ["linmo", "qiu"], 4, ["2022-12-20"], None)


# --------------------------------------------------------------------------- jabber

JABBER = {"kettle": "kettle@jabber.teahouse.example", "artyom": "artyom@jabber.severnaya.example"}


def jabber(leak):
    on_days = sorted({t[:10] for t, _, _ in parse("jabber")})
    msgs = build("jabber", ["kettle", "artyom"], ["RUSSIAN"], 78, on_days)
    files = {}
    for at, m in enumerate(msgs):
        utc = m.when.astimezone(UTC)
        other = "artyom" if m.who == "kettle" else "kettle"
        ts = utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{(at * 104729 + 3) % 1000000:06d}"
        files.setdefault(utc.strftime("%Y-%m-%d"), []).append(
            {"ts": ts, "from": JABBER[m.who], "to": JABBER[other], "body": m.text})
        tell = leak.message("jabber", " ↔ ".join(sorted(JABBER.values())), "pair", None, ts, JABBER[m.who], m.text or None,
                            "text" if m.text else "empty", utc.strftime("%Y-%m-%dT%H:%M:%SZ"))
        tell["path"] = "聊天/jabber/" + utc.strftime("%Y-%m-%d") + ".json"
    for at, (day, records) in enumerate(sorted(files.items())):
        join = ",\n" if at == 1 else "\n"
        text = join.join(json.dumps(r, ensure_ascii=False, indent=2) for r in records) + "\n"
        leak.add(f"聊天/jabber/{day}.json", text.encode(), "json", "export")


# --------------------------------------------------------------------------- Rocket.Chat, Matrix, WhatsApp

ROCKET = {"wei.cheng": "魏澄", "han.rui": "韩锐", "linmo": "林墨", "qiu": "邱野"}


def rocket(leak):
    on_days = ["2022-09-05", "2022-09-06"]
    msgs = build("rocket", ["wei.cheng", "linmo", "qiu"], ["SUPPORT"], 48, on_days)
    files = {}
    for at, m in enumerate(msgs):
        utc = m.when.astimezone(UTC)
        ts = utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at * 37 % 1000:03d}Z"
        files.setdefault(utc.strftime("%Y-%m-%d"), []).append(
            {"_id": f"tl{at:04d}", "rid": "TINGLANsupport", "msg": m.text, "ts": ts,
             "u": {"_id": "u-" + m.who, "username": m.who, "name": ROCKET[m.who]}, "_updatedAt": ts, "mentions": [], "channels": []})
        tell = leak.message("rocketchat", "tinglan-support", "unknown", None, ts, m.who, m.text or None,
                            "text" if m.text else "empty", utc.strftime("%Y-%m-%dT%H:%M:%SZ"))
        tell["path"] = f"聊天/rocketchat/chat.lianluo.example/{utc:%Y-%m-%d}-tinglan-support.json"
    for day, records in files.items():
        data = {"messages": records[::-1], "success": True}
        leak.add(f"聊天/rocketchat/chat.lianluo.example/{day}-tinglan-support.json",
                 json.dumps(data, ensure_ascii=False).encode(), "json", "export")


def matrix(leak):
    path = "聊天/matrix/ops_room.json"
    room = "!opsTingLan:matrix.jishi.example"
    alias = {"qiu": "@qiu:matrix.jishi.example", "kettle": "@kettle:matrix.jishi.example", "linmo": "@lm:matrix.jishi.example"}
    msgs = [m for m in build("matrix", list(alias), ["TECH"], 46, days("2022-08-01", "2022-10-20"))]
    out = []
    for m in msgs:
        utc = m.when.astimezone(UTC)
        raw = utc.strftime("%Y-%m-%d %H:%M:%S")
        out.append(f"{{\ntimestamp: {raw},\nchat_id: {room},\nsender_alias: {alias[m.who]},\nmessage: {m.text or '...'}\n}}\n")
        leak.message("matrix", room, "unknown", path, raw, alias[m.who], m.text or "...", "text", raw.replace(" ", "T") + "Z")
    leak.add(path, "".join(out).encode(), "json", "export")


def whatsapp(leak):
    path = "聊天/whatsapp/_chat.txt"
    names = {"falk": p.FALK, "lan": "Lan S."}
    msgs = build("whatsapp", list(names), ["TRADE"], 44, days("2022-09-06", "2022-11-21"))

    def raw(when):
        half = "上午" if when.hour < 12 else "下午"
        return f"{when.year}/{when.month}/{when.day} {half}{(when.hour - 1) % 12 + 1}:{when:%M:%S}"

    first = msgs[0].when - timedelta(seconds=9)
    out = [f"[{raw(first)}] {p.FALK}: \u200e消息和通话已进行端到端加密。\r\n"]
    leak.message("whatsapp", p.FALK, "pair", path, raw(first), None, "消息和通话已进行端到端加密。", "system",
                 first.strftime("%Y-%m-%dT%H:%M:%S"))
    for m in msgs:
        text, kind, shown = m.text, "text", m.text
        if not text:
            text, kind, shown = "\u200e图像已忽略", "media", None
        out.append(f"[{raw(m.when)}] {names[m.who]}: {text}\r\n")
        leak.message("whatsapp", p.FALK, "pair", path, raw(m.when), names[m.who], shown, kind, m.when.strftime("%Y-%m-%dT%H:%M:%S"))
    leak.add(path, "".join(out).encode(), "txt", "export")


def write_all(leak):
    wechat(leak)
    telegram(leak)
    slack(leak)
    jabber(leak)
    rocket(leak)
    matrix(leak)
    whatsapp(leak)
