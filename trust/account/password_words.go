package account

import (
	"slices"
	"strconv"
	"strings"
)

// commonWords are what guessers try and people take: these are taken out of a
// password before what is left is measured. Written for this project, from what
// is known of habits; English, French, Arabic in Latin letters, and the trade's own.
var commonWords = longestFirst(append(strings.Fields(`
	password passwort passw motdepasse parola kalimat alsir sirr secret secrets
	letmein openup welcome bienvenue marhaba hello bonjour salam changeme changeit
	default temporary temp test testing tester admin administrator root user users
	login signin logon account access master guest demo example sample please
	system server service support office computer laptop phone mobile internet
	love loveyou iloveyou jetaime habibi habibti sunshine princess football
	baseball dragon monkey shadow superman batman michael jordan jesus allah
	mohamed mohammed muhammad ahmed fatima maria freedom liberty whatever nothing
	trustno starwars summer winter spring autumn ete hiver printemps automne
	monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi
	jeudi vendredi samedi dimanche january february march april june july august
	september october november december janvier fevrier mars avril mai juin juillet
	aout septembre octobre novembre decembre
	london paris tripoli tunis cairo geneva roma rome italy france england libya
	niger mali sudan united kingdom africa europe world
	waymark migration migrant migrants refugee refugees iom unhcr interview survey
	data field collect collection enumerator coordinator programme program project
	correct horse battery staple
	qwerty qwertz azerty asdf zxcv qazwsx wsxedc qaz wsx edc
	the and for you are not my our new old
`), years()...))

// years are those that people live in and remember.
func years() []string {
	var ys []string
	for y := 1940; y <= 2049; y++ {
		ys = append(ys, strconv.Itoa(y))
	}
	return ys
}

// longestFirst sorts words so that a longer one is found before its part.
func longestFirst(words []string) []string {
	slices.SortFunc(words, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(words)
}
