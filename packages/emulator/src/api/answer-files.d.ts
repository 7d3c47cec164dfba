declare module "virtual:answer-files" {
  /** `v3/contacts` → its generated data. Made by answer-files.plugin.ts. */
  export const answerFiles: Readonly<Record<string, () => Promise<import("./answers.ts").AnswerFile>>>;
}
