package rule

// Indicator is one sign that may point to exploitation, and may not.
type Indicator struct {
	Rule `rule:",inline"`
	// Theme is general, forced-labour, or another of the pathway's themes.
	Theme string `rule:"theme,required"`
	// Text is what a person sees or hears, in their words.
	Text Text `rule:"text,required"`
	// Explain says why it may matter.
	Explain Text `rule:"explain,required"`
	// Also says what else it may mean.
	Also Text `rule:"also,required"`
	// Tags that advice looks at: strong, danger, child, injury, documents ...
	Tags []string `rule:"tags"`
}

// Theme is a kind of exploitation that indicators belong to.
type Theme struct {
	ID    string `rule:"id,required"`
	Title Text   `rule:"title,required"`
}
