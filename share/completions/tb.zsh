#compdef TOOL
# zsh completion for TOOL: it knows its own words.
local -a candidates
local line

for line in ${(f)"$(TOOL --complete "${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
	candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
done
if (( $#candidates )); then
	_describe 'TOOL' candidates
else
	_files
fi
