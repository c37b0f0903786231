export const code = (text: string): string => `\`${text.replace(/`/g, "'").replace(/\s*\n\s*/g, " ")}\``;

export const bullet = (text: string): string => `- ${text.replace(/\s*\n\s*/g, " ")}`;
