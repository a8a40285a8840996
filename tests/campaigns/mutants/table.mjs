/** What the document says that the table is written into. */
export function tableOf(noticed) {
  const rows = noticed.map(({ what, file, by }) => `| ${[what, `\`${file}\``, by].map(cell).join(' | ')} |`)
  return `# Deliberate faults, and the tests that notice them

\`npm run campaign -- mutants --table docs/mutants.md\` puts one fault after the other into a copy of the code, runs the tests, and
writes this table. Of each fault the first test that failed is named; the same test passes without the fault.

| fault | where | noticed by |
| --- | --- | --- |
${rows.join('\n')}
`
}

function cell(text) {
  return text.replaceAll('|', '\\|')
}
