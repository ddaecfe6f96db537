/** To be evaluated after compinit, or kept as `_remo` in a folder of $fpath. */
export const zsh = String.raw`#compdef remo
# remo: completion for zsh
_remo() {
  local how line about
  local -a lines offered
  # What stands there may be in small letters where the word is not.
  local -a how_to_add=(-M 'm:{a-zA-Z}={A-Za-z}')
  lines=("\${(@f)$(command remo __complete zsh "\${(@Q)words[2,CURRENT-1]}" "=\${(Q)PREFIX}" </dev/null 2>/dev/null)}")
  how=$lines[1]
  case $how in
    file|folder)
      compset -P '--*='
      if [[ $how == file ]]; then _files; else _files -/; fi
      return ;;
    part) how_to_add+=(-S '') ;;
  esac
  for line in "\${(@)lines[2,-1]}"; do
    about=\${\${line#*$'\t'}//\\/\\\\}
    offered+=("\${\${line%%$'\t'*}//:/\\:}\${about:+:$about}")
  done
  (( $#offered )) && _describe -V remo offered "\${how_to_add[@]}"
}
if [[ $funcstack[1] == _remo ]]; then _remo "$@"; else compdef _remo remo; fi
`.replaceAll('\\$', '$');
