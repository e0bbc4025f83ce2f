"""Parses every file named on standard input with PyYAML's C loader, and does nothing else."""

import sys

import yaml


def main() -> None:
    if not yaml.__with_libyaml__:
        sys.exit("this PyYAML has no C loader; install python3-yaml of your system")
    count = 0
    for path in sys.stdin.read().splitlines():
        with open(path, encoding="utf-8") as file:
            for _ in yaml.load_all(file, Loader=yaml.CSafeLoader):
                count += 1
    print(f"{count} documents", file=sys.stderr)


main()
