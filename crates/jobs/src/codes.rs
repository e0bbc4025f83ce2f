//! The findings about CI jobs.

base::codes! {
    JOB_NAME = "job-name", Error, "A job's name has a sign that names may not have",
        "A name is letters, digits, `-`, `.` and `_`: it becomes a part of paths, labels and links. The system \
         that runs jobs refuses the whole configuration otherwise.";
    JOB_AGENT = "job-agent", Error, "What a job runs does not fit the agent that shall run it",
        "A job for containers has a `spec`, a job for a pipeline has a pipeline, and each agent runs one of \
         the two. Preparation of containers, and errors where a machine is lost, are for containers only. A \
         namespace other than the usual is for pipelines only.";
    JOB_CONTAINERS = "job-containers", Error, "The containers of a job cannot be run as they stand",
        "A job has at least one container. Several need decoration, and names that differ from each other \
         and from those that decoration adds. Containers that run before the others are not taken, but for \
         those that keep running beside them (`restartPolicy: Always`).";
    JOB_VARIABLE = "job-variable", Error, "A variable is set twice, or is the system's own",
        "Of two settings the last would win in silence. Some variables tell the job what it is run for; a job \
         that sets them itself would be told something else.";
    JOB_VOLUME = "job-volume", Error, "A volume or a mount does not fit",
        "A mount names a volume of the job or of its presets; volumes have different names; and the names and \
         paths that decoration uses are taken.";
    JOB_LABEL = "job-label", Error, "A label cannot be given to what runs",
        "A key is a name of at most 63 letters, digits, `-`, `_` and `.`, with or without a domain before a \
         `/`; a value is such a name or empty. Some keys the system sets itself.";
    JOB_ANNOTATION = "job-annotation", Error, "The key of an annotation has another form",
        "A key is a name of at most 63 letters, digits, `-`, `_` and `.`, with or without a domain before a `/`.";
    JOB_QUEUE = "job-queue", Error, "A job asks for a queue that does not exist",
        "The queues and their limits stand in the system's own configuration. Without its queue, nothing \
         limits how often the job runs at once.";
    JOB_COMMAND = "job-command", Error, "A decorated container says nothing about what it runs",
        "Decoration wraps the program of a container, so it must be told which: give `command`, `args` or both. \
         The image's own program is not looked up.";
    JOB_TRIGGER = "job-trigger", Error, "What sets a job off contradicts itself",
        "`always_run` leaves no choice to `run_if_changed` and `skip_if_only_changed`, and those two exclude \
         each other. `trigger` and `rerun_command` stand together, and the command must match the trigger, or \
         the comment that people are told to write does nothing.";
    JOB_PATTERN = "job-pattern", Error, "A pattern cannot be read",
        "Patterns are RE2's: no look-around, no back references. A job whose pattern cannot be read is not \
         loaded, nor is any other.";
    JOB_SCHEDULE = "job-schedule", Error, "It is not clear when a job recurs",
        "Exactly one of `cron`, `interval` and `minimum_interval` says it. `cron` has five fields: minute, hour, \
         day of the month, month, day of the week with Sunday as 0.";
    JOB_RERUN = "job-rerun", Error, "It is not clear who may run a job again",
        "`allow_anyone` and a list of people or teams contradict each other. Remove one of the two.";
    JOB_TWICE = "job-twice", Error, "Two jobs of one name may run for the same change",
        "Results are kept by name, so each would hide the other's. Jobs for different branches may share a \
         name; where two lists of branches are given, they are compared by their texts.";
    JOB_CONTEXT = "job-context", Error, "Two jobs report the same thing to a change",
        "The later result would overwrite the earlier, and a failure could pass for a success. Give one of \
         them another `context`.";
    JOB_PRESET_CLASH = "job-preset-clash", Error, "A preset adds what a job has already",
        "Presets only add. A variable, volume, mount or toleration that is there already is a contradiction, \
         and the whole configuration is refused. Remove it from the job, or take away the label that asks for \
         the preset.";
    PRESET_TWICE = "preset-twice", Error, "Two presets have the same label with the same value",
        "A label asks for one preset. The whole configuration is refused otherwise.";
    PRESET_RESERVED = "preset-reserved", Error, "A preset sets what is the system's own",
        "Every job that is given it would be refused.";
    BOARD_TWICE = "board-twice", Error, "A dashboard, a tab or a group of results is declared twice",
        "Which of the two is shown depends on the order in which files are read.";
    BOARD_UNKNOWN = "board-unknown", Error, "A dashboard or its results are named and do not exist",
        "Nobody sees the results of a job on a dashboard that does not exist, and a tab without results is \
         empty for ever. The help names the nearest name, if one is near.";
}
