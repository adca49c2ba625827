#!/usr/bin/env bash
# allure 3.18.0 (from npm)
#
# Expected: a phone lays out the report of the plugin "awesome" at the phone's own width. A page asks for that
#   by <meta name="viewport">; without it, mobile browsers lay a page out some 980 pixels wide and shrink it.
# Seen: index.html has <meta charset> and no viewport, as a single file and as a folder.
# Why it matters: a report that is sent to a person who decides about a release is opened on a phone, and has
#   letters of two millimetres there. Put the element into the head of the file that was made.
set -euo pipefail
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
npm install --no-audit --no-fund --silent --ignore-scripts allure@3.18.0 >npm.txt 2>&1 || { cat npm.txt; exit 1; }
mkdir results
cat > results/one-result.json <<'JSON'
{"uuid": "one", "name": "a test", "fullName": "a test", "status": "passed", "stage": "finished", "start": 1, "stop": 2}
JSON
node_modules/.bin/allure awesome --output single --single-file results >made.txt 2>&1 || { cat made.txt; exit 1; }
node_modules/.bin/allure awesome --output folder results >made.txt 2>&1 || { cat made.txt; exit 1; }

node - <<'JS'
const { readFileSync } = require('fs');
const pages = ['single', 'folder'].map((folder) => readFileSync(`${folder}/index.html`, 'utf8'));
const seen = pages.map((page) => [/<meta charset/i.test(page), /<meta[^>]+name=["']?viewport/i.test(page)].join());
const same = seen.every((one) => one === 'true,false');
console.log(same ? 'as recorded: a charset and no viewport in both reports' : `changed: recorded true,false twice; seen ${seen.join(' ')}`);
process.exit(same ? 0 : 1);
JS
