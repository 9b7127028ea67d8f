// AWS's own validator over templates: node validate.js PACKAGE_FOLDER TEMPLATE…
// Prints `TEMPLATE|SEVERITY|RULE|MESSAGE` for each finding above INFO.
const path = require('path');
const [folder, ...templates] = process.argv.slice(2);
const { RegoEngine, TemplateFile } = require(path.resolve(folder));

const engine = new RegoEngine();
for (const template of templates) {
  const report = engine.validateStandard(new TemplateFile(template));
  for (const finding of report.diagnostics) {
    const severity = String(finding.severity).toUpperCase();
    if (['INFO', 'DEBUG', 'HINT'].includes(severity)) continue;
    console.log([template, severity, finding.ruleId, finding.message.replace(/\s+/g, ' ')].join('|'));
  }
}
engine.free();
