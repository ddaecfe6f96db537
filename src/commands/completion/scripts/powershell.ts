/** For Windows PowerShell 5.1 and PowerShell 7. */
export const powershell = `# remo: completion for PowerShell
Register-ArgumentCompleter -Native -CommandName remo -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @()
  $current = ''
  foreach ($element in ($commandAst.CommandElements | Select-Object -Skip 1)) {
    $extent = $element.Extent
    if ($extent.EndOffset -lt $cursorPosition) {
      $constant = $element -is [System.Management.Automation.Language.StringConstantExpressionAst]
      $before += if ($constant) { $element.Value } else { $extent.Text }
    } elseif ($extent.StartOffset -lt $cursorPosition) {
      $current = $extent.Text.Substring(0, $cursorPosition - $extent.StartOffset).TrimStart('"', "'")
    }
  }
  $encoding = [Console]::OutputEncoding
  [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
  try { $lines = @(& remo __complete powershell @before "=$current" 2>$null) }
  finally { [Console]::OutputEncoding = $encoding }
  # Where nothing comes back, PowerShell offers the files.
  if ($lines[0] -eq 'file' -or $lines[0] -eq 'folder') { return }
  if ($lines.Count -lt 2) { return '' }
  foreach ($line in $lines[1..($lines.Count - 1)]) {
    $text, $about = $line.Split([char]9, 2)
    if (-not $about) { $about = $text }
    # Unquoted, a comma would make two arguments of it.
    $inserted = if ($text -match ',') { "'$text'" } else { $text }
    [System.Management.Automation.CompletionResult]::new($inserted, $text, 'ParameterValue', $about)
  }
}
`;
