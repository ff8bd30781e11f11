# Completion for bash: commands, options, the values that options know, instruction sets, files. What there is to complete is
# asked of hybridsim itself (`COMMAND --help`), so that it is right for the version that is installed.

# The commands, from the list between "Commands:" and the next empty line.
_hybridsim_commands() {
    "$1" --help 2>/dev/null | sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p'
}

# The options of a command, from the beginnings of the lines of its help.
_hybridsim_options() {
    "$1" "$2" --help 2>/dev/null | sed -nE 's/^  (--?[A-Za-z][a-z-]*(, --?[A-Za-z][a-z-]*)*).*/\1/; T; s/,//g; p'
}

# Values of options that take one of a few words.
_hybridsim_values() {
    case $1 in
    --scope) echo all script ;;
    --color) echo auto always never ;;
    --ratio) echo isa program both none ;;
    --dump) echo lift optimise allocate select emit ;;
    --sort) echo cumtime tottime ncalls instructions name ;;
    esac
}

_hybridsim_metrics() {
    echo cycles instructions static_instructions code_bytes events.branches events.taken events.mispredicted \
        work.multiply_adds work.elements work.math work.bytes work.objects by_category.arithmetic by_category.calls \
        cycle_stack.base cycle_stack.data_dependency
}

# Names of shipped specs: of ISAs, or of machines.
_hybridsim_specs() {
    local program folder
    program=$(type -P "$1") || program=$1
    program=$(readlink -f "$program" 2>/dev/null)
    local beside=${program%/*} folders
    IFS=: read -ra folders <<< "$HYBRIDSIM_SPECS"
    folders+=("$beside"/{../share/hybridsim,.,../..}/isa-specs isa-specs)
    for folder in "${folders[@]}"; do
        [[ $folder && -d $folder/$2 ]] && (cd "$folder/$2" && for file in *.yaml; do [[ -f $file ]] && echo "${file%.yaml}"; done)
    done | sort -u
}

_hybridsim_files() { # files whose names end in one of the suffixes, and folders
    local word=$1 suffix
    shift
    compgen -d -- "$word"
    for suffix in "$@"; do
        compgen -f -X "!*.$suffix" -- "$word"
    done
}

_hybridsim() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} last= command=${COMP_WORDS[1]}
    ((COMP_CWORD > 1)) && last=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "$(_hybridsim_commands "$program") help --help --version" -- "$word"))
        return
    fi
    if [[ $command == help ]]; then
        ((COMP_CWORD == 2)) && COMPREPLY=($(compgen -W "$(_hybridsim_commands "$program")" -- "$word"))
        return
    fi
    compopt -o filenames 2>/dev/null
    case $last in
    --isa) COMPREPLY=($(compgen -W "$(_hybridsim_specs "$program" .)" -- "$word") $(_hybridsim_files "$word" yaml)) ; return ;;
    --machine)
        COMPREPLY=($(compgen -W "$(_hybridsim_specs "$program" machines)" -- "$word") $(_hybridsim_files "$word" yaml))
        return ;;
    --scope | --color | --ratio | --dump | --sort) COMPREPLY=($(compgen -W "$(_hybridsim_values "$last")" -- "$word")) ; return ;;
    --by)
        if [[ $command == diff ]]; then
            COMPREPLY=($(compgen -W "total cycles category instruction function line event work native" -- "$word"))
        else
            COMPREPLY=($(compgen -W "opcode category function line pair triple" -- "$word"))
        fi
        return ;;
    --metric)
        if [[ $command == diff ]]; then
            COMPREPLY=($(compgen -W "cycles instructions" -- "$word"))
        else
            COMPREPLY=($(compgen -W "$(_hybridsim_metrics)" -- "$word"))
        fi
        return ;;
    --workload)
        COMPREPLY=($(compgen -W "$("$program" workloads 2>/dev/null | sed 's/   .*//; s/,//g')" -- "$word"))
        return ;;
    -m | -c | -W | --top | --limit | --baseline) return ;;
    -o | --output | --report | --save | --save-profile | --prof | --callgrind | --speedscope | --collapsed | --chrome | --chart | \
        --categories | --input | --python | --allow-write)
        COMPREPLY=($(compgen -f -- "$word"))
        return ;;
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$(_hybridsim_options "$program" "$command")" -- "$word"))
        return
    fi
    case $command in
    isa)
        if ((COMP_CWORD == 2)); then
            COMPREPLY=($(compgen -W "check show list costs" -- "$word"))
        else
            COMPREPLY=($(compgen -W "$(_hybridsim_specs "$program" .)" -- "$word") $(_hybridsim_files "$word" yaml))
        fi ;;
    diff) COMPREPLY=($(_hybridsim_files "$word" json)) ;;
    compare) COMPREPLY=($(_hybridsim_files "$word" py pyc json)) ;;
    doctor | workloads) ;;
    *) COMPREPLY=($(_hybridsim_files "$word" py pyc)) ;;
    esac
}
complete -F _hybridsim hybridsim
