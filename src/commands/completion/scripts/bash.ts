/** For bash 3.2 and later. What is asked of readline by `compopt` the older ones do without. */
export const bash = String.raw`# remo: completion for bash
_remo() {
  local line how=
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $how ]]; then how=$line; else COMPREPLY+=("$line"); fi
  done < <(command remo __complete bash "$COMP_TYPE" "$COLUMNS" "$2" "\${COMP_LINE:0:COMP_POINT}" </dev/null 2>/dev/null)
  case $how in
    file) compopt -o default ;;
    folder) compopt -o dirnames ;;
    part) compopt -o nospace -o nosort ;;
    *) compopt -o nosort ;;
  esac 2>/dev/null
}
complete -F _remo remo
`.replaceAll('\\$', '$');
