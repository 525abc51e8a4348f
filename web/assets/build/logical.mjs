// logical turns left and right into start and end, so that one stylesheet serves
// both directions of writing. Shorthands of four unequal values are split.
const sides = { left: "inline-start", right: "inline-end" };

export function logical(css) {
  return css.replace(/(^|[{;\n]\s*)([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/g, (whole, before, name, value) => {
    const v = value.trim();
    let m;
    if ((m = /^(margin|padding)-(left|right)$/.exec(name))) return `${before}${m[1]}-${sides[m[2]]}: ${v}`;
    if ((m = /^border-(left|right)(-color|-width|-style)?$/.exec(name))) return `${before}border-${sides[m[1]]}${m[2] ?? ""}: ${v}`;
    if (name === "left" || name === "right") return `${before}inset-${sides[name]}: ${v}`;
    if (name === "text-align" && sides[v.replace(/\s*!important/, "")])
      return `${before}text-align: ${v.replace("left", "start").replace("right", "end")}`;
    if (name === "float" && sides[v]) return `${before}float: ${sides[v]}`;
    if (name === "clear" && sides[v]) return `${before}clear: ${sides[v]}`;
    if (name === "margin" || name === "padding") {
      const parts = split(v);
      if (parts.length === 4 && parts[1] !== parts[3])
        return `${before}${name}-block: ${parts[0]} ${parts[2]}; ${name}-inline: ${parts[3]} ${parts[1]}`;
    }
    return whole;
  });
}

// split cuts a value at spaces outside brackets.
function split(value) {
  const parts = [];
  let depth = 0, word = "";
  for (const c of value) {
    if (c === "(") depth++;
    if (c === ")") depth--;
    if (c === " " && depth === 0) {
      if (word) parts.push(word);
      word = "";
    } else word += c;
  }
  if (word) parts.push(word);
  return parts;
}
