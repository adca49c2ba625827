// How Allure lays out the report. `settings.json` beside this file says what differs from run to run.
import { readFileSync } from "node:fs";

const settings = JSON.parse(readFileSync(new URL("settings.json", import.meta.url), "utf8"));
const say = (korean, english) => (settings.language === "ko" ? korean : english);
const tagged = (result, tag) => result.labels.some(({ name, value }) => name === "tag" && value === tag);
const is = (status, tag) => (result) => result.status === status && tagged(result, tag);

// The first that matches takes the result, in this order they stand in the report.
const categories = [
  {
    id: "fuzz-findings",
    name: say("퍼징으로 찾은 위반", "Found by fuzzing"),
    matchers: is("failed", "fuzz"),
    groupByMessage: false,
    expand: true,
  },
  {
    id: "broken-promises",
    name: say("위반된 조항", "Failed clauses"),
    matchers: { statuses: ["failed"] },
    groupByMessage: false,
    expand: true,
  },
  {
    id: "advisories",
    name: say("권고", "Advisories"),
    matchers: { statuses: ["unknown"] },
    groupByMessage: false,
  },
  { id: "waived", name: say("유예", "Waived"), matchers: is("skipped", "waived") },
  { id: "not-judged", name: say("판정 제외", "Not judged"), matchers: is("skipped", "not-judged") },
  {
    id: "could-not-judge",
    name: say("판정 불가", "Could not judge"),
    matchers: is("broken", "could-not-judge"),
  },
  {
    id: "internal-errors",
    name: say("판정 불가: 검사 도구의 오류", "Could not judge: an error of the suite itself"),
    matchers: { statuses: ["broken"] },
  },
];

const charts = [
  {
    type: "statusDynamics",
    title: say("실행별 위반", "Failed clauses over the runs"),
    limit: settings.historyLimit,
    statuses: ["failed", "broken"],
  },
  {
    type: "statusTransitions",
    title: say("직전 실행과 달라진 판정", "Changed since the run before"),
    limit: settings.historyLimit,
  },
  {
    type: "testResultSeverities",
    title: say("수준별 결과", "Results by level"),
    levels: ["critical", "minor", "trivial"],
    statuses: ["failed", "broken", "unknown", "skipped", "passed"],
    includeUnset: false,
  },
  {
    type: "statusDynamics",
    title: say("실행별 전체 결과", "All results over the runs"),
    limit: settings.historyLimit,
  },
];

export default {
  name: settings.title,
  output: settings.output,
  ...(settings.history ? { historyPath: settings.history, historyLimit: settings.historyLimit } : {}),
  categories,
  plugins: {
    awesome: {
      options: {
        reportName: settings.title,
        reportLanguage: settings.language === "ko" ? "kr" : "en",
        singleFile: true,
        groupBy: [...(settings.groupByPage ? ["parentSuite"] : []), "suite"],
        sections: ["charts"],
        charts,
      },
    },
  },
};
