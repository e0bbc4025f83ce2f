//! What `commonhold --help` shows: the commands by what they are for.

pub(super) const TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}

Look after the estate:
  check        Check it against its formats and the community's charter
  init         Start one in an empty folder, or adopt the files that are there
  recipients   Print the keys to which private contacts are encrypted

Change what is real, by the community's rules:
  plan         Say what it takes to bring the real systems to the estate
  risk         Explain what a change may cost, and what it therefore requires
  propose      Put a plan before the community
  notice       Write down that those who must be told of a plan have been told
  approve      Agree to the changes of a plan, signed with your SSH key
  object       Object to them, with a reason
  withdraw     Take back an approval or objection of yours
  gate         Say whether a plan has what it requires
  apply        Do what a plan says, if it has what it requires
  drift        Say where the real systems are not as declared
  audit        Write down what is really there, and say how that differs from what is declared
  ledger       Show, verify, export or import the record of what was decided and done
  dns          Import zones
  request      Turn a filled-in request form into the change it asks for

Say who may do what:
  access       Review what is granted, let people join and leave, export it
  what         Say what somebody may do, and why

Know where the money goes:
  spend        Take bills in, say whose cost is whose, and how long the money lasts

Move things, and know when that is over:
  migration    Say what is left, what is next, and whether it is done

Decide together:
  decide       Propose, discuss and vote on policies, roles, requests and the charter
  elect        Count ballots, hold elections, and say who sits

Ask it questions:
  show         List what there is, or show one item with all that is said of it
  who          Say who owns something, or who can do something
  owners       Say who may review and approve which files, and why
  impact       Say what breaks if something goes, and whom to warn
  why          Show how one item is connected with another
  graph        Draw the services and what they depend on
  stats        Count everything
  calendar     Say when groups meet, or write it as a calendar
  report       Draft a group's annual report, with every number computed

Show it to everybody:
  serve        Show all of it in a browser: a portal, with an API
  site         Write the same pages as files, for any web host

Look things up:
  explain      Explain a finding or rule
  schema       Print the form of a kind of file as JSON Schema
  help         Explain a command or a topic: exit-codes, formats, output, predicates
  completions  Print completions for a shell

Options:
{options}

Examples:
  commonhold check our-infra
  commonhold show services --unowned
  commonhold impact dns
";
