"""Charges of a large estate in FOCUS's columns, and the question that is asked of them, by DuckDB.

focus_rows.py write FILE [ROWS] [OWNERS]   writes 43 columns; the tag `owner` has OWNERS values
                                           (30), and 0 makes each `Tags` a text of its own
focus_rows.py ask FILE TABLE               month by provider, service and owner: to a table, as CSV
focus_rows.py csv FILE CSV                 the same charges as CSV
focus_rows.py same OURS THEIRS             whether two such tables have the same rows, to the last digit
"""

import csv
import sys
from decimal import Decimal

import duckdb

# 24 months in order of time, 5 providers, 320 projects, 300 services, 40,000 resources. Each number
# comes from the row's own by a hash, so that the same rows are written on every machine.
ROWS = """
with numbered as (
  select
    i,
    hash(i) h,
    timestamp '2024-01-01' + to_days(cast(i * 731 // {rows} as integer)) + to_hours(cast(i % 24 as integer)) at_,
    cast(hash(i, 1) % 320 as integer) project,
    cast(hash(i, 2) % 60 as integer) nth,
    cast(hash(i, 3) % 40000 as integer) resource,
    cast(hash(i, 4) % 1000 as integer) luck
  from range({rows}) t(i)
), placed as (
  select *, project % 5 provider, (project % 5) * 60 + nth service,
    cast(((h % 10000000) / 1000000 + 0.000001) as decimal(28,12)) * cast(1.000000123457 as decimal(28,12)) raw
  from numbered
), costed as (
  select *, cast(case when luck < 20 then -raw / 10 else raw end as decimal(28,12)) cost from placed
)
select
  'acct-' || provider || '-' || (project % 3) BillingAccountId,
  'Account ' || provider || '-' || (project % 3) BillingAccountName,
  cost BilledCost,
  'USD' BillingCurrency,
  date_trunc('month', at_) BillingPeriodStart,
  date_trunc('month', at_) + interval 1 month BillingPeriodEnd,
  case when luck < 20 then 'Credit' when luck < 40 then 'Tax' when luck < 50 then 'Purchase' else 'Usage' end ChargeCategory,
  cast(null as varchar) ChargeClass,
  'Charge of service ' || service || ' kind ' || (h % 7) ChargeDescription,
  'Usage-Based' ChargeFrequency,
  at_ ChargePeriodStart,
  at_ + interval 1 hour ChargePeriodEnd,
  case when luck > 900 then 'commit-' || (h % 20) end CommitmentDiscountId,
  case when luck > 900 then 'Usage' end CommitmentDiscountCategory,
  case when luck > 980 then 'Unused' when luck > 900 then 'Used' end CommitmentDiscountStatus,
  cast((h % 1000) as decimal(28,12)) ConsumedQuantity,
  'Hours' ConsumedUnit,
  cast(cost * 0.97 as decimal(28,12)) ContractedCost,
  cast(0.021 as decimal(28,12)) ContractedUnitPrice,
  cost EffectiveCost,
  'Issuer ' || provider InvoiceIssuerName,
  'inv-' || provider || '-' || strftime(at_, '%Y%m') InvoiceId,
  cast(cost * 1.2 as decimal(28,12)) ListCost,
  cast(0.025 as decimal(28,12)) ListUnitPrice,
  case when luck > 900 then 'Committed' else 'Standard' end PricingCategory,
  cast((h % 1000) as decimal(28,12)) PricingQuantity,
  'Hours' PricingUnit,
  'Provider ' || provider ProviderName,
  'Publisher ' || provider PublisherName,
  'region-' || (h % 30) RegionId,
  'Region ' || (h % 30) RegionName,
  'res/' || project || '/' || resource ResourceId,
  'resource ' || resource ResourceName,
  'Type ' || (resource % 40) ResourceType,
  (['Compute', 'Storage', 'Networking', 'Databases', 'Analytics'])[service % 5 + 1] ServiceCategory,
  'Service ' || service ServiceName,
  'Sub ' || (service % 9) ServiceSubcategory,
  'sku-' || service || '-' || (h % 7) SkuId,
  'Meter ' || (h % 7) SkuMeter,
  'price-' || service || '-' || (h % 7) SkuPriceId,
  'project-' || project SubAccountId,
  'Project ' || project SubAccountName,
  case when luck % 100 < 85 then {tags} end Tags
from costed order by i
"""

# Of 320 projects, each tenth has no group.
TAGS = """'{{"env":"' || (['prod', 'staging', 'dev', 'test'])[project % 4 + 1] || '","team":"t' || (project % 80) || '"'
    || case when project % 3 = 0 then ',"owner":"group-' || (project % {owners}) || '"' else '' end || '}}'"""
MANY = """'{"pod":"pod-' || i || '","env":"prod"' || case when project % 3 = 0 then ',"owner":"group-' || (project % 30) || '"' else '' end || '}'"""

QUESTION = """
copy (
  select
    date_trunc('month', ChargePeriodStart) as month, ProviderName, ServiceName,
    coalesce(json_extract_string(Tags, '$.owner'), groups.owner, '(unallocated)') as owner,
    BillingCurrency, coalesce(sum(case when ChargeCategory <> 'Credit' then EffectiveCost end), 0) as gross, sum(EffectiveCost) as net
  from read_parquet('{file}') left join groups on groups.project = SubAccountId
  group by all order by all
) to '{table}' (format csv, header)
"""


def write(file, rows, owners):
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = true; set memory_limit = '3GB'; set threads = 2")
    tags = TAGS.format(owners=owners) if owners else MANY
    query = ROWS.replace("{tags}", tags.replace("{{", "{").replace("}}", "}")).replace("{rows}", str(rows))
    db.execute(f"copy ({query}) to '{file}' (format parquet, compression zstd)")


def ask(file, table):
    db = duckdb.connect()
    db.execute("set threads = 2")
    db.execute("create table groups as select 'project-' || i as project, 'group-' || (i % 40) as owner from range(320) t(i) where i % 10 <> 0")
    db.execute(QUESTION.format(file=file, table=table))


def as_csv(file, to):
    db = duckdb.connect()
    db.execute("set threads = 2; set memory_limit = '3GB'; set TimeZone = 'UTC'")
    instants = ", ".join(
        f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ') as {name}"
        for name in ("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd")
    )
    db.execute(f"copy (select * replace ({instants}) from read_parquet('{file}')) to '{to}' (format csv, header)")


def rows_of(table):
    with open(table, newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        next(lines)
        return {(line[0][:7], *line[1:-2]): tuple(map(Decimal, line[-2:])) for line in lines}


def same(ours, theirs):
    ours, theirs = rows_of(ours), rows_of(theirs)
    if ours != theirs:
        keys = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
        sys.exit(f"{len(keys)} rows differ, the first: {keys[0]}: {ours.get(keys[0])} and {theirs.get(keys[0])}")
    print(f"  the same {len(ours)} rows")


def main():
    if sys.argv[1] == "csv":
        as_csv(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "same":
        same(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "write":
        rows = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
        write(sys.argv[2], rows, int(sys.argv[4]) if len(sys.argv) > 4 else 30)
    else:
        ask(sys.argv[2], sys.argv[3])


main()
