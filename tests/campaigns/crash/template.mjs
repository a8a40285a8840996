/** The tasks of every case; at most one of them is acted on, and the others have to stay as they are. */
export const TASKS = ['bystander', 'edited', 'parked', 'abandoned']

/** A small repository with all kinds of files, as a shell script. */
export const MAKE_REPOSITORY = `
  git init --quiet --initial-branch main --template= repo
  cd repo
  git config user.name 'A Person'
  git config user.email person@example.invalid
  mkdir -p src docs/deep 'odd names'
  for n in $(seq 1 20); do seq -f "%g of file $n" 40 > src/file$n; done
  echo tool > run.sh
  chmod +x run.sh
  ln -s src/file1 link
  echo '*.log' > .gitignore
  echo deep > docs/deep/a
  echo odd > "odd names/$(printf 'tab\\t "quote" \\303\\274')"
  git add --all
  git commit --quiet --message begin
  echo ignored > build.log`
