"""The tally of Elekto, written from the description of its algorithm: Schulze by winning votes,
pairs counted where both candidates are ranked, places by how many others are above one.

Prints the candidates, the best first; who share a place stand on one line.
"""

import csv
import sys

NO_OPINION = 100000000


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        candidates = next(rows)
        ballots = []
        for row in rows:
            ballot = {}
            for candidate, field in zip(candidates, row):
                ballot[candidate] = NO_OPINION if field == "No opinion" else int(field)
            ballots.append(ballot)
    return candidates, ballots


def count(candidates, ballots):
    prefer = {one: {other: 0 for other in candidates} for one in candidates}
    for ballot in ballots:
        for one in candidates:
            if ballot[one] == NO_OPINION:
                continue
            for other in candidates:
                if ballot[other] != NO_OPINION and ballot[one] < ballot[other]:
                    prefer[one][other] += 1
    return prefer


def strongest_paths(candidates, prefer):
    paths = {one: {} for one in candidates}
    for one in candidates:
        for other in candidates:
            if one != other:
                won = prefer[one][other] > prefer[other][one]
                paths[one][other] = prefer[one][other] if won else 0
    for via in candidates:
        for one in candidates:
            for other in candidates:
                if len({via, one, other}) == 3:
                    through = min(paths[one][via], paths[via][other])
                    paths[one][other] = max(paths[one][other], through)
    return paths


def main():
    candidates, ballots = read(sys.argv[1])
    paths = strongest_paths(candidates, count(candidates, ballots))
    places = {}
    for one in candidates:
        above = sum(paths[other][one] > paths[one][other] for other in candidates if other != one)
        places.setdefault(above, []).append(one)
    for above in sorted(places):
        print(" = ".join(places[above]))


if __name__ == "__main__":
    main()
