#!/usr/bin/env python3
"""Recomputes a decision from its events, without the program that wrote them: recompute.py CLONE/decisions/ITEM

Follows the journal line by line, has ssh-keygen check every signature against the keys that the estate listed at
the commit in force then, and judges by the rules in record.json: approvals, silence, objections, votes. What it
does not know it does not judge (exit code 2). Needs Python 3.11, git and ssh-keygen."""
import hashlib, json, re, subprocess, sys, tempfile
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo
item = Path(sys.argv[1]).resolve()
said = json.loads((item / "record.json").read_text())
rules, procedure, record = said["rules"], said["rules"]["procedure"], said["record"]
vote, lazy, names = procedure["vote"], rules["lazy"], lambda people: {one["person"] for one in people}
members, recused, told, approvals, votes, objections = names(rules["members"]), set(), set(), {}, {}, {}
stop = lambda code, why: sys.exit(print(why) or code)
sha = lambda text: "sha256:" + hashlib.sha256(text.encode()).hexdigest()
# RFC 8785, as far as events need it: they hold no fractions.
canonical = lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

def is_signed(text, sig, name, base):  # by a key that the person's file lists at the commit `base`
    person = subprocess.run(["git", "show", f"{base}:./people/{name}.yaml"], cwd=item.parent.parent, capture_output=True)
    keys = re.findall(r"(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+", person.stdout.decode())
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "keys").write_text("".join(f'{name} namespaces="commonhold-decision" {key}\n' for key in keys))
        Path(folder, "sig").write_text(sig)
        check = ["ssh-keygen", "-Y", "verify", "-I", name, "-n", "commonhold-decision", "-f", "keys", "-s", "sig"]
        return subprocess.run(check, cwd=folder, input=text.encode(), capture_output=True).returncode == 0

def end(start, period):  # business time goes by the clock on the wall, 24 hours a business day
    amount, unit = re.fullmatch(r"(\d+)(h|d|bh|bd)", period).groups()
    left, zone = timedelta(hours=int(amount) * (24 if "d" in unit else 1)), ZoneInfo(rules["zone"])
    now, off = start.astimezone(zone).replace(tzinfo=None), [(days.split("..") * 2)[:2] for days in rules["holidays"]]
    while unit[0] == "b":
        midnight = datetime(now.year, now.month, now.day) + timedelta(days=1)
        counts = now.weekday() < 5 and not any(first <= str(now.date()) <= last for first, last in off)
        if counts and left <= midnight - now:
            return (now + left).replace(tzinfo=zone).astimezone(timezone.utc)
        now, left = midnight, left - (midnight - now) * counts
    return start + left

def count(rest=None):  # whether enough took part, and whether it passes; as if all who have not voted did so
    cast = [how if how not in (None, "present") else rest or how for how in map(votes.get, members - recused)]
    yes, no, there, voters = cast.count("yes"), cast.count("no"), len(cast) - cast.count(None), len(cast)
    whole = {"seats": max(vote["seats"] or 0, len(members)), "members": len(members)}.get(vote["base"], voters)
    base = {"present": there, "cast": there - cast.count("present"), "non-abstaining": yes + no}.get(vote["base"], whole)
    needed, quorum = Fraction(vote["threshold"]) * base, str(vote["quorum"] or 0)
    quorate = there >= Fraction(quorum) * (whole if "/" in quorum else 1)
    return quorate, quorate and yes > 0 and (yes > needed or vote["relation"] == ">=" and yes == needed)

def judge(now):  # True or False once it has an outcome; nothing happened since it was judged last
    global polled
    if vote and polled is None:
        over, long = (now >= end(opened, vote[key] or "0h") for key in ("max_open", "min_open"))
        early = long and vote["close"] == "decided" and (count()[0] and count("no")[1] or not count("yes")[1])
        polled = count()[1] if over else count("no")[1] if early else None
    asked = [(rule["people"], rule[key]) for rule, key in ((rules["review"], "count"), (lazy, "support")) if rule]
    agreed = all(len(names(people) & set(approvals.values()) - {author}) >= least for people, least in asked)
    stands = set(objections.values()) & names(rules["objectors"]) and (procedure["objection"] or not vote)
    waits = lazy and now < end(opened, lazy["period"]) or vote and not polled or stands or not agreed
    return False if polled is False else None if waits else True

unknown = any(procedure[key] for key in ("second", "consult", "sign_off", "veto", "ratify"))
if unknown or vote and (lazy or vote["employer_cap"]) or record["state"] in ("expired", "escalated", "withdrawn"):
    stop(2, "such a procedure, or such an end, is not known here")
to_tell = [{one["address"]} if "address" in one else set(list(one["group"].values())[:2]) for one in rules["notice"]]
author, opened, polled, outcome, previous = None, None, None, None, sha(item.name)
for number, line in enumerate((item / "events.jsonl").read_text().splitlines(), 1):
    note = json.loads(line)
    if canonical(note) != line or (note["prev"], note["seq"], note["item"]) != (previous, number, item.name):
        stop(1, f"events.jsonl:{number}: it does not follow the line before")
    previous, at, (act, does) = sha(line), datetime.fromisoformat(note["at"]), *note["what"].items()
    outcome = judge(at) if opened and outcome is None else outcome
    if act == "event":
        digest, event = does, json.loads((item / (name := does[7:19] + ".json")).read_text())
        sig, who, act, does = event.pop("sig"), event["actor"].removeprefix("person/"), event["act"], event["payload"]
        if sha(text := canonical(event)) != digest or not is_signed(text, sig, who, note["base"]):
            stop(1, f"{name}: it is not signed by {who}, or changed")
    if act not in "propose notice told approve object answer withdraw vote recuse".split() or "employer/" in str(does):
        stop(2, f"such a `{act}` is not known here")
    if act == "told" or act == "notice" and author and who not in recused:
        told.add(does["channel"])
    elif outcome is not None or who in recused:
        continue  # it was over, or they have no vote in it
    elif act == "propose" and not author:
        author, recused = who, {party.removeprefix("person/") for party in does["matter"].get("parties", [])}
    elif act in ("approve", "object"):
        (approvals if act == "approve" else objections)[digest] = who
    elif act == "withdraw" and (approvals | objections).get(does["event"]) == who:
        approvals.pop(does["event"], None), objections.pop(does["event"], None)
    elif act == "vote" and opened and polled is None:
        votes[who] = does["choice"]
    elif act == "recuse":
        recused.add(who), votes.pop(who, None)
    opened = opened or (at if author and all(told & one for one in to_tell) else None)
outcome = judge(datetime.now(timezone.utc)) if opened and outcome is None else outcome
print("votes:", ", ".join(f"{who} {how}" for who, how in sorted(votes.items()) if who in members - recused) or "none")
print(f"recomputed: {'accepted' if outcome else 'not accepted'}; the record says: {record['state']}")
sys.exit(bool(outcome) != record["in_effect"])
