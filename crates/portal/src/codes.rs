//! The findings about `portal.yaml`.

base::codes! {
    GROUP = "portal-group", Error, "What is private is shown to a group that is not there",
        "Under `private` stand the groups whose role holders and members may see what is not for everybody. A group that \
         was misspelled, renamed, removed or retired shows it to nobody, and nobody would notice: those who need it look \
         for it in vain. Name a group that works, or take the name out.";
}
