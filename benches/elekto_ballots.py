"""Prints ballots as Elekto has them: `elekto_ballots.py BALLOTS CANDIDATES [SEED]`.

Orders are drawn one candidate after the other, in proportion to how well each is liked
(Plackett and Luce). Three ballots in ten end early with "No opinion", and 15 in a hundred ranks are tied
with the one before. The same numbers give the same bytes.
"""

import random
import sys


def main():
    ballots, candidates = int(sys.argv[1]), int(sys.argv[2])
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    liked = [draw.lognormvariate(0, 0.6) for _ in range(candidates)]
    out = sys.stdout
    out.write(",".join(f"candidate-{number}" for number in range(candidates)) + "\n")
    for _ in range(ballots):
        # The order of exponential times is one of Plackett and Luce.
        times = [(draw.expovariate(rate), number) for number, rate in enumerate(liked)]
        ranked = candidates
        if draw.random() < 0.3:
            ranked = draw.randint(0, candidates - 1)
        fields, rank = ["No opinion"] * candidates, 0
        for at, (_, number) in enumerate(sorted(times)[:ranked]):
            if at == 0 or draw.random() >= 0.15:
                rank = at + 1
            fields[number] = str(rank)
        out.write(",".join(fields) + "\n")


main()
