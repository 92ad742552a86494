// What each shell is given to run: it asks the program, and puts the answer in its own form. One line of an answer is a word, a tab, and its meaning.

/** Bash replaces what follows the last of its own break characters: it names them, and the answer leaves out what comes before. */
const BASH = `# Completion of schedlab for bash. In ~/.bashrc: eval "$(schedlab completion bash)"
_schedlab() {
  local answer word
  COMPREPLY=()
  answer="$("\${COMP_WORDS[0]}" completion answer --line "\${COMP_LINE:0:COMP_POINT}" "\$COMP_WORDBREAKS" 2>/dev/null)" || return 0
  while IFS=$'\\t' read -r word _; do
    [ -n "$word" ] || continue
    # Inside quotes a space is no end.
    case "\${COMP_WORDS[COMP_CWORD]}" in [\\'\\"]*) ;; *) case "$word" in *[!A-Za-z0-9_.,:=/@%+-]*) printf -v word %q "$word" ;; esac ;; esac
    case "$word" in *[=/:]) ;; *) word="$word " ;; esac
    COMPREPLY+=("$word")
  done <<< "$answer"
  return 0
}
complete -o nospace -F _schedlab schedlab
`;

const ZSH = `#compdef schedlab
# Completion of schedlab for zsh. In ~/.zshrc, after compinit: eval "$(schedlab completion zsh)"
_schedlab() {
  local -a ends goes endsHelp goesHelp
  local word help
  while IFS=$'\\t' read -r word help; do
    [[ -n $word ]] || continue
    if [[ $word == *[=/:] ]]; then goes+=("$word"); goesHelp+=("$word\${help:+  -- $help}")
    else ends+=("$word"); endsHelp+=("$word\${help:+  -- $help}"); fi
  done < <("\${words[1]}" completion answer -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#ends )) && compadd -l -d endsHelp -a ends
  (( $#goes )) && compadd -S '' -l -d goesHelp -a goes
  return 0
}
(( $+functions[compdef] )) && compdef _schedlab schedlab
`;

const FISH = `# Completion of schedlab for fish. In ~/.config/fish/config.fish: schedlab completion fish | source
function __schedlab_words
    set -l before (commandline -opc)
    schedlab completion answer -- $before[2..-1] (commandline -ct) 2>/dev/null
end
complete -c schedlab -f -a '(__schedlab_words)'
`;

export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
