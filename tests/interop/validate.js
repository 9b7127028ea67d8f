// AWS's own validator over templates: node validate.js PACKAGE_FOLDER TEMPLATE…
// Prints a line for each error, and exits with 1 when there is one.
const path = require('path');
const [folder, ...templates] = process.argv.slice(2);
const { CompositeEngine, TemplateFile } = require(path.resolve(folder));

const engine = new CompositeEngine();
let failed = false;
for (const template of templates) {
  const report = engine.validateTemplate(new TemplateFile(template));
  for (const finding of report.diagnostics) {
    if (!['ERROR', 'FATAL'].includes(String(finding.severity).toUpperCase())) continue;
    failed = true;
    console.log(`${template}: ${finding.ruleId}: ${finding.message}`);
  }
}
engine.free();
process.exitCode = failed ? 1 : 0;
