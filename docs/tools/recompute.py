#!/usr/bin/env python3
"""Recomputes a decision from its events, without the program that made them.

    docs/tools/recompute.py CLONE/decisions/ITEM

Checks the journal's chain, every signature against the keys that the estate lists at the
commit in force (ssh-keygen does that), and then the outcome: approvals, silence, votes.
Needs Python 3.9, git and ssh-keygen. Knows review, lazy consensus and votes without
employer caps; of anything else it says so and judges nothing (exit 2).
"""
import hashlib, json, re, subprocess, sys, tempfile
from datetime import datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

item = Path(sys.argv[1]).resolve()
top = Path(subprocess.check_output(["git", "rev-parse", "--show-toplevel"], cwd=item, text=True).strip())
estate = item.parent.parent.relative_to(top)
said = json.loads((item / "record.json").read_text())
rules, record = said["rules"], said["record"]
procedure = rules["procedure"]


def stop(code, why):
    print(why)
    sys.exit(code)


def canonical(value):  # RFC 8785, for what stands in events: no fractions
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def signed(event, base):
    """Whether a key that the person's file lists at `base` made the signature."""
    statement = {key: value for key, value in event.items() if key != "sig"}
    name = event["actor"].removeprefix("person/")
    person = subprocess.check_output(["git", "show", f"{base}:{estate / 'people' / (name + '.yaml')}"], cwd=top, text=True)
    keys = re.findall(r"(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]+", person)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "signers").write_text("".join(f'{name} namespaces="commonhold-decision" {key}\n' for key in keys))
        Path(folder, "sig").write_text(event["sig"])
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", f"{folder}/signers", "-I", name, "-n",
                               "commonhold-decision", "-s", f"{folder}/sig"], input=canonical(statement).encode(), capture_output=True)
    return done.returncode == 0, sha(canonical(statement))


def end(start, period):
    """When a period ends; business time goes by the clocks on the wall, 24 hours a day."""
    amount, unit = int(re.match(r"\d+", period)[0]), re.sub(r"\d", "", period)
    hours = amount * (24 if unit in ("d", "bd") else 1)
    if unit in ("h", "d"):
        return start + timedelta(hours=hours)
    if unit == "wh":
        stop(2, "working hours are not known here")
    off = [(days + ".." + days).split("..")[:2] if ".." not in days else days.split("..") for days in rules["holidays"]]
    now, left = start.astimezone(ZoneInfo(rules["zone"])).replace(tzinfo=None), timedelta(hours=hours)
    while True:
        midnight = datetime(now.year, now.month, now.day) + timedelta(days=1)
        day = now.date().isoformat()
        if now.weekday() < 5 and not any(first <= day <= last for first, last in off):
            if left <= midnight - now:
                return (now + left).replace(tzinfo=ZoneInfo(rules["zone"])).astimezone(timezone.utc)
            left -= midnight - now
        now = midnight


unknown = [key for key in ("second", "consult", "sign_off", "veto", "ratify", "appeal") if procedure.get(key)]
if unknown or (procedure.get("vote") or {}).get("employer_cap"):
    stop(2, f"the procedure has {', '.join(unknown) or 'a cap on employers'}, which is not known here")
prev, told, approvals, votes, objections, proposed, texts = sha(item.name), [], {}, {}, {}, None, set()
for number, line in enumerate((item / "events.jsonl").read_text().splitlines(), 1):
    note = json.loads(line)
    if canonical(note) != line or note["prev"] != prev or note["seq"] != number:
        stop(1, f"events.jsonl:{number}: does not follow the line before")
    prev, at, what = sha(line), datetime.fromisoformat(note["at"].replace("Z", "+00:00")), note["what"]
    if "event" not in what:
        told.append(at)
        continue
    event = json.loads((item / (what["event"][7:19] + ".json")).read_text())
    sound, digest = signed(event, note["base"])
    if not sound or digest != what["event"]:
        stop(1, f"{what['event'][7:19]}.json: not signed by {event['actor']}, or changed")
    act, who, payload = event["act"], event["actor"].removeprefix("person/"), event["payload"]
    if act == "propose" and not proposed:
        proposed, author, texts = at, who, {event["content"]["text"]}
    elif act == "notice":
        told.append(at)
    elif event["content"]["text"] in texts and who != author and act == "approve":
        approvals[who] = at
    elif event["content"]["text"] in texts and act == "vote":
        votes.setdefault(who, []).append((at, payload["choice"]))
    elif act == "object" and who in {one["person"] for one in rules["objectors"]}:
        objections[digest] = (who, None)
    elif act == "withdraw" and payload["event"] in objections and objections[payload["event"]][0] == who:
        objections[payload["event"]] = (who, at)
    elif act not in ("object", "withdraw", "vote", "approve", "answer", "call_vote"):
        stop(2, f"the act `{act}` is not known here")
opened = max(told) if rules["notice"] else proposed
passed = True
if rules["review"]:
    passed &= len(set(approvals) & {one["person"] for one in rules["review"]["people"]}) >= rules["review"]["count"]
if rules["lazy"] and not votes:
    closes = end(opened, rules["lazy"]["period"])
    passed &= all(until for _, until in objections.values()) and closes <= datetime.now(timezone.utc)
    passed &= len(set(approvals) & {one["person"] for one in rules["lazy"]["people"]}) >= rules["lazy"]["support"]
if procedure.get("vote") and (votes or not rules["lazy"]):
    vote, members = procedure["vote"], {one["person"] for one in rules["members"]}
    last = {who: cast[-1][1] for who, cast in votes.items() if who in members - set(record["recused"])}
    count = {choice: list(last.values()).count(choice) for choice in ("yes", "no", "abstain", "present")}
    base = {"seats": max(vote["seats"] or 0, len(members)), "members": len(members), "eligible": len(members - set(record["recused"])),
            "present": len(last), "cast": len(last) - count["present"], "non-abstaining": count["yes"] + count["no"]}[vote["base"]]
    share = Fraction(count["yes"], base) if base else Fraction(0)
    passed &= count["yes"] > 0 and (share > Fraction(vote["threshold"]) or vote["relation"] == ">=" and share == Fraction(vote["threshold"]))
    if vote["quorum"]:
        whole = {"seats": max(vote["seats"] or 0, len(members)), "members": len(members)}.get(vote["base"], len(members - set(record["recused"])))
        passed &= len(last) >= (Fraction(vote["quorum"]) * whole if "/" in str(vote["quorum"]) else int(vote["quorum"]))
    print("votes:", ", ".join(f"{who} {how}" for who, how in sorted(last.items())))
print(f"recomputed: {'accepted' if passed else 'not accepted'}; the record says: {record['state']}")
sys.exit(0 if passed == record["in_effect"] else 1)
