//! The findings about elections.

base::codes! {
    TIME_ZONE_MISSING = "election-time-zone", Error, "A time of an election has no zone, or an unclear one",
        "A deadline without a zone is a different moment to every reader, and `PT` or `IST` name several. Write \
         the zone behind the time: `AoE` (Anywhere on Earth, the last place where a day ends), `UTC`, or a name of \
         the IANA database such as `Europe/Berlin`.";
    TIME_SHIFTED = "election-time-shifted", Warning, "The clocks of the zone skip a time of an election, or show it twice",
        "Where the clocks go forward, an hour does not exist: the same distance behind the change is taken. Where \
         they go back, an hour comes twice: the first is taken. The message says which moment that is. Choose a time \
         that exists once, or write it in UTC.";
    WINDOW = "election-window", Error, "The times of an election contradict each other",
        "An election goes from nominations to voting to its close. What ends before it begins, or a nomination that \
         is still open when people vote, leaves nobody sure what counts.";
    SHORT = "election-short", Warning, "Nominations or voting are open for less than two weeks",
        "Whoever is away for a week, or hears of it late, has no say. Two weeks each are the custom; a body whose \
         few members all know of the vote may do with less.";
    MIDNIGHT = "election-midnight", Note, "A deadline is the very beginning of its day",
        "Midnight begins the day that is written: at `2026-10-01 00:00` the first of October is not open any more. \
         For the end of that day write `2026-10-01 23:59:59`.";
    EXCEPTIONS = "election-exceptions", Warning, "Exceptions can be requested when it is too late to decide, or not at all",
        "Somebody who finds out at the vote that they are not on the roll can still ask if requests close after \
         the vote has opened, and the officers can still answer if they close before it ends.";
    INCOMPLETE = "election-incomplete", Error, "An election does not say what its result depends on",
        "What is not said before the vote is argued about after it, by people who know what each answer would \
         mean for them. The message names the key.";
    CONTRADICTION = "election-contradiction", Error, "Two settings of an election do not go together",
        "The message names both.";
    PUBLISHED_BALLOTS = "election-published-ballots", Warning, "Ballots of a secret election will be published whole",
        "Most ballots of a real election are unlike any other. Whoever is told beforehand how to rank the last \
         places can be found among published ballots, and so be bought or pressed. `pairwise` lets anybody \
         recount and shows nobody's ballot.";
    OFFICERS = "election-officers", Error, "The officers of an election are not as its rules want them",
        "Officers decide on exceptions and answer for the count. They come from different employers, some have \
         done it before and some have not, and none of them stands.";
    UNKNOWN_AFFILIATION = "election-officer-employer", Warning, "Nobody knows for whom an officer works",
        "The rule of different employers cannot be checked. Add the employer to the person's file.";
    LOGIN_NOT_TEXT = "login-not-text", Warning, "A login is a number, a truth value or a day to some readers",
        "A YAML reader that turns `249043822` into a number compares it with the text `249043822` and finds no such \
         voter: the person is turned away at the vote. It is read as text here. Put quotes around it.";
    LOGIN_FORM = "login-form", Error, "This cannot be a login",
        "Logins hold letters, digits, `-` and `_`. A name or an address here lets nobody vote.";
    LOGIN_TWICE = "login-twice", Warning, "A login stands twice in a list, as written or but for case",
        "Logins have no case: both are one person, who has one vote. A program that compares the letters as \
         they are may know one of them only. Remove one.";
    ELEKTO_TIME = "elekto-time", Error, "A time is not written as Elekto reads it",
        "Elekto compares times as its YAML reader gives them: `YYYY-MM-DD HH:MM:SS`, without quotes and without a \
         zone. A day alone, a text or a time with a zone ends in an error page when somebody opens the election.";
    ELEKTO_UTC = "elekto-utc", Note, "A time without a zone is read as UTC",
        "Elekto shows such times as UTC and compares them with the clock of the machine it runs on, which is the \
         same only if that clock is set so. The message says when that is Anywhere on Earth.";
    ELEKTO_FOLDER = "elekto-folder", Error, "A folder is not an election of Elekto",
        "An election is a folder with `election.yaml` and `voters.yaml`.";
    ELEKTO_CANDIDATE = "elekto-candidate", Error, "The file of a candidate cannot be read",
        "It begins with YAML between two lines of exactly 61 dashes: `name`, `ID` and `info`; what follows is \
         Markdown. A candidate whose file is not of this form is in nobody's list.";
    ELEKTO_DASHES = "elekto-dashes", Warning, "The lines around a candidate's data are not 61 dashes long",
        "Elekto looks for exactly 61 dashes. With fewer it finds no beginning and reads whatever comes out.";
    ELEKTO_EMPTY = "elekto-empty", Warning, "An entry of a list is empty",
        "It stands for nothing, and Elekto shows it as `None`. Remove the line.";
    WORDS = "candidate-words", Warning, "A candidate's statement is longer than the limit",
        "A limit that holds for some is unfair to the others. Shorten the statement.";
    CONTRIBUTIONS = "contributions-form", Error, "A list of contributions cannot be read",
        "It is a CSV file: a line `login,count`, then one line a login with a whole number. It says who may vote, so \
         a line that cannot be read is never passed over.";
    VOTER_RULE = "voter-rule", Error, "The rule that says who may vote asks for nothing, or for what cannot be known",
        "Each way to be a voter names at least one condition; a way without any would let in the whole world.";
}
