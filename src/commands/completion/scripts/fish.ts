/** For fish 3 and later. */
export const fish = String.raw`# remo: completion for fish
function __remo_complete
    set -l words (commandline -opc)
    while string match -qr '^\w+=' -- $words[1]
        set -e words[1]
    end
    set -l raw (commandline -ct)
    set -l word (string unescape -- $raw 2>/dev/null; or string trim -l -c "'\"" -- $raw)
    set -l lines (command remo __complete fish $words[2..-1] "=$word" </dev/null 2>/dev/null)
    switch "$lines[1]"
        case file folder
            # An option whose value is in the same word stands before each.
            set -l option (string match -r '^--[^=]*=' -- $raw)
            set -l found (complete -C "'' "(string replace -- "$option" '' $raw))
            test "$lines[1]" = folder; and set found (string match -r '^[^\t]*/(?:\t.*)?$' -- $found)
            test -n "$found"; and printf '%s\n' "$option"$found
        case '*'
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end
complete -c remo -e
complete -c remo -f -k -a '(__remo_complete)'
`;
