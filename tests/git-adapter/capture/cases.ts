/** Scripts of an agent's, by what they leave in a worktree of the task `fix`. */
export const CASES: Readonly<Record<string, string>> = {
  'a commit': 'echo more >> README.md; git commit -qam more',
  'a change that is staged and another that is not':
    'echo staged > README.md; git add README.md; echo other > README.md',
  'an untracked file in new directories': 'mkdir -p a/b; echo x > a/b/c',
  'a deleted file': 'rm README.md',
  'a staged deletion': 'git rm -q README.md',
  'a staged deletion of a file that is still there': 'git rm -q --cached README.md',
  'a rename, staged and then edited': 'git mv README.md READYOU.md; echo x >> READYOU.md',
  'an executable bit, in the files alone, in the index alone and staged but taken back': `
    chmod +x README.md; git update-index --chmod=+x src/numbers.txt
    chmod +x src/greeting.txt; git add src/greeting.txt; chmod -x src/greeting.txt`,
  'symbolic links: dangling, to a directory, out of the worktree, staged': `
    ln -s nowhere dangling; ln -s src dir; ln -s /etc/passwd abs; ln -s README.md ok; git add ok`,
  'a directory replaced by a symbolic link': 'cp -r src elsewhere; rm -r src; ln -s elsewhere src',
  'a directory replaced by a symbolic link, staged':
    'cp -r src elsewhere; rm -r src; ln -s elsewhere src; git add -A',
  'a directory replaced by a symbolic link to itself': 'rm -r src; ln -s src src',
  'a directory replaced by a symbolic link to a repository':
    'git init -q ../other; rm -r src; ln -s ../other src',
  'a symbolic link replaced by a directory':
    'ln -s src l; git add -A; git commit -qm l; rm l; mkdir l; echo 1 > l/f',
  'a file replaced by a directory': 'rm README.md; mkdir README.md; echo x > README.md/inner',
  'a file replaced by an empty directory': 'rm README.md; mkdir README.md',
  'a directory replaced by a file': 'rm -r src; echo x > src',
  'a directory replaced by a file, staged, and by a directory again':
    'rm -r src; echo x > src; git add -A; rm src; mkdir src; echo y > src/z',
  'empty files': ': > empty; : > README.md',
  'names with spaces, newlines, quotes, tabs, backslashes and leading dashes': `
    echo 1 > 'a b'; echo 2 > $'new\\nline'; echo 3 > '"quo"te'; echo 4 > ./-lead; echo 5 > $'tab\\t'; git add -A
    echo 6 > ' lead'; echo 7 > 'back\\slash'; echo 8 > "'"; echo 9 > $'\\n'; echo 10 > --all`,
  'names that are not UTF-8': `
    echo 1 > $'caf\\xe9'; echo 2 > $'\\xff\\xfe'; git add -A; echo 3 > $'caf\\xe9'; echo 4 > $'\\x80'`,
  'files that are named like git’s own':
    'mkdir d; echo x > .gitx; echo y > d/.gitignore; echo z > .gitmodules',
  'line ends of every kind under attributes for them': `
    printf '* text=auto\\n*.bat eol=crlf\\n' > .gitattributes; git add -A; git commit -qm attributes
    printf 'a\\r\\nb\\r\\n' > x.txt; printf 'a\\nb\\n' > y.bat; printf 'a\\r\\nb\\n' > mixed; git add -A; git commit -qm files
    printf 'c\\r\\n' >> x.txt; printf 'c\\n' >> y.bat; git add y.bat; printf 'q\\r\\n' > z.txt`,
  'line ends that were converted when the file was checked out': `
    printf '*.bat eol=crlf\\n' > .gitattributes; git add -A; git commit -qm attributes
    printf 'a\\nb\\n' > y.bat; git add -A; git commit -qm files; rm y.bat; git checkout -q y.bat
    touch -d 2020-01-01 y.bat; git update-index --refresh`,
  'line ends that attributes of today would convert and those of then did not': `
    printf 'a\\nb\\n' > y.bat; git add -A; git commit -qm lf; printf '*.bat eol=crlf\\n' > .gitattributes
    git add -A; git commit -qm attributes; touch -d 2020-01-01 y.bat; git update-index --refresh`,
  'line ends that attributes convert which are not committed': `
    printf 'a\\nb\\n' > y.bat; git add -A; git commit -qm files; printf '*.bat eol=crlf\\n' > .gitattributes
    rm y.bat; git checkout -q y.bat`,
  'an identifier that was filled in': `
    echo 'README.md ident' > .gitattributes; echo '$Id$' > README.md; git add -A; git commit -qm ident
    rm README.md; git checkout -q README.md
    touch -d 2020-01-01 README.md; git update-index --refresh`,
  'another encoding in the worktree than in the repository': `
    echo '*.u working-tree-encoding=UTF-16LE-BOM eol=crlf' > .gitattributes; git add -A; git commit -qm attributes
    echo hello | iconv -t UTF-16 > a.u; git add a.u; git commit -qm u; echo 'more' | iconv -t UTF-16 > b.u; git add b.u`,
  'ignored files that are to be carried along': `
    printf '.env\n*.local\nprivate/\n' | tee .gitignore > .worktreeinclude; git add -A; git commit -qm lists
    echo secret > .env; mkdir -p a/b private/c; echo 1 > a/b/x.local; : > private/empty; ln -s nowhere private/link
    echo run > private/c/run; chmod +x private/c/run; echo odd > private/$'caf\\xe9 \\n'; git rm -q --cached README.md`,
  'a list of what is to be carried along that names everything': `
    echo '*' > .worktreeinclude; echo .env > .gitignore; echo secret > .env; echo x > x; git add src; echo y >> README.md`,
  'a list of what is to be carried along that leads elsewhere':
    'echo .env > .gitignore; cp .gitignore list; ln -s list .worktreeinclude',
  'a merge with conflicts': `
    git checkout -qb other; echo theirs > README.md; git rm -q src/numbers.txt; git commit -qam theirs
    git checkout -q coppice/fix; echo ours > README.md; echo four >> src/numbers.txt; git commit -qam ours
    git merge other || true; echo extra > untracked; echo staged > staged; git add staged; echo edited > staged`,
  'a conflict whose file is gone': `
    git checkout -qb other; git rm -q README.md; git commit -qam theirs
    git checkout -q coppice/fix; echo ours > README.md; git commit -qam ours; git merge other || true; rm README.md`,
  'a conflict of two renames': `
    git checkout -qb other; git mv README.md THEIRS.md; git commit -qm theirs
    git checkout -q coppice/fix; git mv README.md OURS.md; git commit -qm ours; git merge other || true`,
  'a detached HEAD': 'git checkout -q --detach; echo x >> README.md; git commit -qam x; echo y >> README.md',
  'HEAD on another branch':
    'git checkout -qb side; echo x >> README.md; git commit -qam x; echo y >> README.md',
  'HEAD on a branch that lacks commits of the task’s': `
    echo 1 > 1; git add 1; git commit -qm 1; git checkout -qb side HEAD~1; echo x >> README.md; git commit -qam x`,
  'a branch without a commit, its index full': 'git checkout -q --orphan fresh; echo x > x',
  'a branch without a commit, its index empty': 'git checkout -q --orphan fresh; git rm -rqf .; echo x > x',
  'files that are only announced to the index': 'echo new > new; git add -N new; : > nil; git add -N nil',
  'a file that was announced to the index and is gone': 'echo new > new; git add -N new; rm new',
  'edits within the same second':
    'for i in 1 2 3 4 5; do echo $i > README.md; git add README.md; done; echo 9 > README.md',
  'an edit that git was told to assume away':
    'git update-index --assume-unchanged README.md; echo hidden > README.md',
  'an edit that git was told to skip': 'git update-index --skip-worktree README.md; echo hidden > README.md',
  'an index in two files': 'git update-index --split-index; echo x > y; git add y; echo z > README.md',
  'an index of version 4': `
    git update-index --index-version 4; mkdir -p l/o/n/g; echo x | tee l/o/n/g/{name,names,other} > z; git add -A; echo z > README.md`,
  'no index': 'rm "$(git rev-parse --git-dir)/index"; echo x > y',
  'nothing but a staged deletion of everything': 'git rm -rqf .',
  'an empty commit tree and new files': 'git rm -rqf .; git commit -qm gone; echo x > y',
  'two thousand files, some changed and some gone': `
    mkdir many; (cd many; for i in {1..2000}; do echo $i > $i; done); git add many; git commit -qm many
    cd many; for i in {1..2000..7}; do echo z > $i; done; echo {3..2000..5} | xargs rm -f`,
}
