" In ~/.vim/ftplugin/jsonl.vim, or wherever the file type is set: `:make` checks the file.
" %v, not %c: columns count characters, not bytes.
setlocal makeprg=batchfile\ check\ --format\ concise\ --quiet\ %:S
setlocal errorformat=%f:%l:%v:\ %trror[%m,%f:%l:%v:\ %tarning[%m,%f:\ %trror[%m
