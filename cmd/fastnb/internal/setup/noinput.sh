# What bash reads before it runs a cell's "!command" where nobody is there to type: the command reads end-of-file.
unset BASH_ENV
[ -z "${BASH_EXECUTION_STRING+set}" ] || exec </dev/null
