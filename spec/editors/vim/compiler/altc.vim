" :make runs altc on the file that is being edited, and its findings fill the quickfix list.
" Load it with `:compiler altc`, or for every alt file from ftplugin/alt.vim.
if exists('current_compiler')
  finish
endif
let current_compiler = 'altc'

let s:cpo_save = &cpo
set cpo&vim

if exists(':CompilerSet') != 2
  command -nargs=* CompilerSet setlocal <args>
endif

CompilerSet makeprg=altc\ check\ --color=never\ %:S\ $*
" One line a finding; excerpts below it are dropped.
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ %tote:\ %m,%-G%.%#

let &cpo = s:cpo_save
unlet s:cpo_save
