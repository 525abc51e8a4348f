package xpath

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"waymark/internal/fault"
)

// builder makes the code of a call from its compiled arguments.
type builder func(k *compiler, n *Call, a []code) code

// function is one entry of the table.
type function struct {
	min, max int // numbers of arguments; max -1 is no bound
	// pure functions give the same for the same arguments at all times.
	pure bool
	// local functions ask the context node; others only where localBare is set
	// and there are no arguments.
	local, localBare bool
	// beyond marks functions of XPath 1.0 that ODK Collect does not have.
	beyond bool
	build  builder
}

const anyNumber = -1

// functions is the whole library. Sources: the ODK XForms specification, "XPath
// Functions", and JavaRosa's XPathFuncExpr, which decides where they differ.
var functions = map[string]function{
	// text
	"string":           {min: 0, max: 1, pure: true, localBare: true, build: buildString},
	"concat":           {max: anyNumber, pure: true, build: buildConcat},
	"join":             {min: 1, max: anyNumber, pure: true, build: buildJoin},
	"substr":           {min: 2, max: 3, pure: true, build: buildSubstr},
	"substring":        {min: 2, max: 3, pure: true, beyond: true, build: buildSubstring},
	"substring-before": {min: 2, max: 2, pure: true, build: stringOf2(before)},
	"substring-after":  {min: 2, max: 2, pure: true, build: stringOf2(after)},
	"translate":        {min: 3, max: 3, pure: true, build: buildTranslate},
	"string-length":    {max: 1, pure: true, localBare: true, build: buildLength},
	"normalize-space":  {max: 1, pure: true, localBare: true, build: buildNormalize},
	"contains":         {min: 2, max: 2, pure: true, build: truthOf2(strings.Contains)},
	"starts-with":      {min: 2, max: 2, pure: true, build: truthOf2(strings.HasPrefix)},
	"ends-with":        {min: 2, max: 2, pure: true, build: truthOf2(strings.HasSuffix)},
	"uuid":             {max: 1, local: true, build: buildUUID},
	"digest":           {min: 2, max: 3, pure: true, build: buildDigest},
	"base64-decode":    {min: 1, max: 1, pure: true, build: stringOf1(decodeBase64)},
	"extract-signed":   {min: 2, max: 2, pure: true, build: stringOf2(extractSigned)},
	"pulldata":         {min: 4, max: 4, build: buildPullData},
	"version":          {build: buildVersion},
	"property":         {min: 1, max: 1, build: buildProperty},
	// truth
	"if":                  {min: 3, max: 3, pure: true, build: buildIf},
	"coalesce":            {min: 2, max: 2, pure: true, build: buildCoalesce},
	"once":                {min: 1, max: 1, local: true, build: buildOnce},
	"true":                {pure: true, build: constant(truth(true))},
	"false":               {pure: true, build: constant(truth(false))},
	"boolean":             {min: 1, max: 1, pure: true, build: buildBoolean},
	"boolean-from-string": {min: 1, max: 1, pure: true, build: truthOf1(fromString)},
	"not":                 {min: 1, max: 1, pure: true, build: buildNot},
	"regex":               {min: 2, max: 2, pure: true, build: buildRegex},
	"checklist":           {min: 2, max: anyNumber, pure: true, build: buildChecklist},
	"weighted-checklist":  {min: 2, max: anyNumber, pure: true, build: buildWeighted},
	"depend":              {min: 1, max: anyNumber, build: buildDepend},
	// numbers
	"number":  {min: 0, max: 1, pure: true, localBare: true, build: buildNumber},
	"random":  {local: true, build: buildRandom},
	"int":     {min: 1, max: 1, pure: true, build: numberOf1(cut)},
	"floor":   {min: 1, max: 1, pure: true, beyond: true, build: numberOf1(math.Floor)},
	"ceiling": {min: 1, max: 1, pure: true, beyond: true, build: numberOf1(math.Ceil)},
	"round":   {min: 1, max: 2, pure: true, build: buildRound},
	"sum":     {min: 1, max: 1, build: buildSum},
	"max":     {min: 1, max: anyNumber, pure: true, build: buildExtreme(math.Max)},
	"min":     {min: 1, max: anyNumber, pure: true, build: buildExtreme(math.Min)},
	"pow":     {min: 2, max: 2, pure: true, build: decimalOf2(pow)},
	"log":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Log)},
	"log10":   {min: 1, max: 1, pure: true, build: decimalOf1(math.Log10)},
	"abs":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Abs)},
	"sin":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Sin)},
	"cos":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Cos)},
	"tan":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Tan)},
	"asin":    {min: 1, max: 1, pure: true, build: decimalOf1(math.Asin)},
	"acos":    {min: 1, max: 1, pure: true, build: decimalOf1(math.Acos)},
	"atan":    {min: 1, max: 1, pure: true, build: decimalOf1(math.Atan)},
	"atan2":   {min: 2, max: 2, pure: true, build: decimalOf2(math.Atan2)},
	"sqrt":    {min: 1, max: 1, pure: true, build: decimalOf1(math.Sqrt)},
	"exp":     {min: 1, max: 1, pure: true, build: decimalOf1(math.Exp)},
	"exp10":   {min: 1, max: 1, pure: true, build: decimalOf1(func(x float64) float64 { return math.Pow(10, x) })},
	"pi":      {pure: true, build: constant(number(math.Pi))},
	// nodes
	"count":           {min: 1, max: 1, build: buildCount},
	"count-non-empty": {min: 1, max: 1, build: buildCountNonEmpty},
	"position":        {max: 1, localBare: true, build: buildPosition},
	"last":            {local: true, beyond: true, build: buildLast},
	"instance":        {min: 1, max: 1, build: buildInstance},
	"current":         {build: buildCurrent},
	"randomize":       {min: 1, max: 2, local: true, build: buildRandomize},
	"indexed-repeat":  {min: 3, max: 11, local: true, build: buildIndexedRepeat},
	"name":            {max: 1, localBare: true, beyond: true, build: buildName(wholeName)},
	"local-name":      {max: 1, localBare: true, beyond: true, build: buildName(localName)},
	"namespace-uri":   {max: 1, localBare: true, beyond: true, build: buildName(func(n *Node) string { return n.Space })},
	// dates
	"today":             {build: buildToday},
	"now":               {build: buildNow},
	"date":              {min: 1, max: 1, build: buildDate},
	"date-time":         {min: 1, max: 1, build: buildDateTime},
	"format-date":       {min: 2, max: 2, build: buildFormatDate},
	"format-date-time":  {min: 2, max: 2, build: buildFormatDate},
	"decimal-date-time": {min: 1, max: 1, build: buildDecimalDateTime},
	"decimal-time":      {min: 1, max: 1, build: buildDecimalTime},
	// choices and texts
	"selected":       {min: 2, max: 2, pure: true, build: buildSelected},
	"is-selected":    {min: 2, max: 2, pure: true, build: buildSelected},
	"selected-at":    {min: 2, max: 2, pure: true, build: buildSelectedAt},
	"count-selected": {min: 1, max: 1, pure: true, build: buildCountSelected},
	"jr:choice-name": {min: 2, max: 2, local: true, build: buildChoiceName},
	"jr:itext":       {min: 1, max: 1, build: buildItext},
	// places
	"area":          {min: 1, max: 1, build: buildArea},
	"enclosed-area": {min: 1, max: 1, build: buildArea},
	"distance":      {min: 1, max: anyNumber, build: buildDistance},
	"geofence":      {min: 2, max: 2, build: buildGeofence},
	"intersects":    {min: 1, max: 1, build: buildIntersects},
}

// Known tells whether a function exists, and whether ODK Collect has it too.
func Known(name string) (known, inCollect bool) {
	f, ok := functions[name]
	return ok, ok && !f.beyond
}

// FunctionNames returns the names of all functions, sorted.
func FunctionNames() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (k *compiler) call(n *Call) code {
	args := k.all(n.Args)
	f, ok := functions[n.Name]
	if !ok {
		return k.bad(n, fmt.Sprintf("calls %s(), which does not exist", n.Name), suggestion(n.Name))
	}
	if len(args) < f.min || f.max >= 0 && len(args) > f.max {
		return k.bad(n, fmt.Sprintf("calls %s() with %s", n.Name, counted(len(args))), fmt.Sprintf("it takes %s", f.arguments()))
	}
	free, fixed := !f.local && !(f.localBare && len(args) == 0), f.pure && (!f.localBare || len(args) > 0)
	for _, a := range args {
		free, fixed = free && a.free, fixed && a.fixed
	}
	return k.fold(fixed, f.build(k, n, args).as(free))
}

// elsewhere are functions that people bring from other languages.
var elsewhere = map[string]string{
	"and": "write a and b", "or": "write a or b", "len": "use string-length()", "length": "use string-length()",
	"upper": "use translate()", "lower": "use translate()", "upper-case": "use translate()", "lower-case": "use translate()",
	"isblank": "compare with ''", "iif": "use if()", "average": "divide sum() by count()", "avg": "divide sum() by count()",
	"datediff": "subtract the dates", "year": "use format-date(..., '%Y')", "month": "use format-date(..., '%n')", "day": "use format-date(..., '%e')",
	"replace": "use translate()", "mod": "write a mod b", "div": "write a div b", "id": "use a path with a predicate", "lang": "forms have no languages in their answers",
	"search": "it belongs into the appearance column", "choice-name": "write jr:choice-name()", "itext": "write jr:itext()",
}

func suggestion(name string) string {
	if s, ok := elsewhere[strings.ToLower(name)]; ok {
		return s
	}
	if near := fault.Nearest(name, FunctionNames()); near != "" {
		return fmt.Sprintf("did you mean %s()?", near)
	}
	return "see the list of functions in the ODK XForms specification"
}

func counted(n int) string {
	switch n {
	case 0:
		return "no argument"
	case 1:
		return "one argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

func (f function) arguments() string {
	switch {
	case f.max == f.min:
		return counted(f.min)
	case f.max < 0:
		return fmt.Sprintf("at least %s", counted(f.min))
	case f.max == 1:
		return "no argument or one"
	case f.max == f.min+1:
		return fmt.Sprintf("%d or %d arguments", f.min, f.max)
	}
	return fmt.Sprintf("%d to %d arguments", f.min, f.max)
}

// The builders of functions that are plain functions of their arguments.

func constant(v Value) builder {
	return func(*compiler, *Call, []code) code { return fixed(v) }
}

func stringOf1(f func(string) string) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return textCode(func(c *Context) string { return f(a[0].text(c)) })
	}
}

func stringOf2(f func(a, b string) string) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return textCode(func(c *Context) string { return f(a[0].text(c), a[1].text(c)) })
	}
}

func truthOf1(f func(string) bool) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return truthCode(func(c *Context) bool { return f(a[0].text(c)) })
	}
}

func truthOf2(f func(a, b string) bool) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return truthCode(func(c *Context) bool { return f(a[0].text(c), a[1].text(c)) })
	}
}

func numberOf1(f func(float64) float64) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return numberCode(func(c *Context) float64 { return f(a[0].number(c)) })
	}
}

// decimalOf1 and decimalOf2 keep the time of day of a date argument.

func decimalOf1(f func(float64) float64) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return numberCode(func(c *Context) float64 { return f(a[0].decimal(c)) })
	}
}

func decimalOf2(f func(a, b float64) float64) builder {
	return func(_ *compiler, _ *Call, a []code) code {
		return numberCode(func(c *Context) float64 { return f(a[0].decimal(c), a[1].decimal(c)) })
	}
}
