package definition

import "strings"

// target is what the cells of a column are for.
type target uint8

const (
	noTarget target = iota // not read
	typeTarget
	nameTarget
	labelTarget
	hintTarget
	guidanceTarget
	mediaTarget
	bareMediaTarget // a column "media" that does not say what it holds
	bindTarget
	constraintMessageTarget
	requiredMessageTarget
	noAppErrorTarget
	controlTarget
	instanceTarget
	defaultTarget
	triggerTarget
	choiceFilterTarget
	parametersTarget
	disabledTarget
	intentTarget
	queryTarget
	flatTarget
	partedTarget // a column that has no languages or parts, with one
	listTarget   // choices: the list's name
	extraTarget  // choices: a further column
)

var surveyTargets = map[string]target{
	"type": typeTarget, "name": nameTarget, "label": labelTarget, "hint": hintTarget,
	"guidance_hint": guidanceTarget, "media": mediaTarget, "bind": bindTarget,
	"control": controlTarget, "instance": instanceTarget, "default": defaultTarget,
	"trigger": triggerTarget, "choice_filter": choiceFilterTarget,
	"parameters": parametersTarget, "disabled": disabledTarget, "intent": intentTarget, "query": queryTarget,
	"flat": flatTarget,
}

var messageTargets = map[string]target{
	"jr:constraintMsg":    constraintMessageTarget,
	"jr:requiredMsg":      requiredMessageTarget,
	"jr:noAppErrorString": noAppErrorTarget,
}

// setSurveyTargets says what each column of the survey sheet is.
func setSurveyTargets(c *columns) {
	for i := range c.by {
		col := &c.by[i]
		if len(col.path) == 0 {
			continue
		}
		first, rest := col.path[0], col.path[1:]
		t := surveyTargets[first]
		switch t {
		case labelTarget, hintTarget, guidanceTarget:
			if len(rest) > 0 {
				col.language = rest[0]
			}
		case mediaTarget, bindTarget, controlTarget, instanceTarget:
			if len(rest) == 0 {
				if t = noTarget; first == "media" {
					t = bareMediaTarget
				}
				break
			}
			message := messageTargets[rest[0]]
			if t == mediaTarget || t == bindTarget && message != noTarget {
				col.key = rest[0]
				if len(rest) > 1 {
					col.language = rest[1]
				}
				if t == bindTarget {
					t = message
				}
				break
			}
			if col.key = strings.Join(rest, ":"); len(rest) > 1 && !singleColons(col.header) {
				col.key, t = rest[0], partedTarget
			}
		default:
			if len(rest) == 0 {
				break
			}
			switch t {
			case typeTarget, nameTarget, triggerTarget, choiceFilterTarget, parametersTarget, disabledTarget:
				col.key, t = first, partedTarget
			default:
				t = noTarget
			}
		}
		col.target = t
	}
}

// singleColons tells whether a header names an attribute with a prefix in the
// old way, "body:esri:style", rather than a column with a language.
func singleColons(header string) bool {
	first, _, _ := strings.Cut(header, ":")
	switch snakeCase(first) {
	case "bind", "body", "control", "instance":
		return !strings.Contains(header, "::")
	}
	return false
}
