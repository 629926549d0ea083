# fish completion for TOOL: it knows its own words.
complete -c TOOL -a '(TOOL --complete (commandline -opc)[2..-1] \
    (commandline -ct) 2>/dev/null)'
