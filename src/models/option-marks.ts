/** The emoji for a question's options, in order. */
export const OPTION_MARKS: readonly { readonly name: string; readonly sign: string }[] = [
  { name: "one", sign: "1️⃣" },
  { name: "two", sign: "2️⃣" },
  { name: "three", sign: "3️⃣" },
  { name: "four", sign: "4️⃣" },
  { name: "five", sign: "5️⃣" },
  { name: "six", sign: "6️⃣" },
  { name: "seven", sign: "7️⃣" },
  { name: "eight", sign: "8️⃣" },
  { name: "nine", sign: "9️⃣" },
  { name: "keycap_ten", sign: "🔟" },
];
