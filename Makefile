# Waymark. `make help` lists what there is.
GO      ?= go
BIN     := bin/waymark
export CGO_ENABLED := 0

.PHONY: help build assets screens lint check test bench cross fuzz pyxform statfiles clean tools

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/waymark for this machine
	$(GO) build -trimpath -o $(BIN) ./cmd/waymark

assets: ## build the pages' stylesheet and scripts anew from web/assets/build
	@sh .ci/assets write

screens: ## take pictures of every page into docs/screens
	@sh .ci/screens

tools: ## say what the tests need, and install it where apt-get may
	@sh .ci/tools

lint: ## formatting, vet and staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "run gofmt on:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

test: tools ## every test, with the race detector where goroutines meet; installs what the tests need or names it
	@GO=$(GO) sh .ci/test

check: lint test ## what CI runs, beside the cross builds

bench: ## the benchmarks behind the figures in the docs
	$(GO) test -run '^$$' -bench . -benchmem ./...

fuzz: ## each fuzz target for FUZZTIME (default 20s)
	@sh .ci/fuzz $(or $(FUZZTIME),20s)

pyxform: build ## run pyxform's own tests against our compiler: make pyxform PYXFORM=its-checkout
	@test -d "$(PYXFORM)/tests" || { echo "give a checkout of pyxform 4.5.0: make pyxform PYXFORM=..."; exit 1; }
	cd $(PYXFORM) && PYTHONPATH=.:$(CURDIR)/bench/pyxform WAYMARK=$(CURDIR)/$(BIN) \
	  python3 -m pytest -p door -q $$(grep -rl PyxformTestCase tests --include='test_*.py' | sort)

statfiles: ## hold the files of Stata and SPSS against R's haven and PSPP, which must be installed
	$(GO) test -tags statfiles -count 1 -run 'TestOutside' -v ./stats/table

TARGETS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

cross: ## build for linux, darwin and windows on amd64 and arm64, or for TARGETS
	@for target in $(TARGETS); do os=$${target%/*}; arch=$${target#*/}; \
	  echo "$$os/$$arch"; \
	  GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -o bin/waymark-$$os-$$arch$$( [ $$os = windows ] && echo .exe ) ./cmd/waymark || exit 1; \
	done

clean: ## remove what was built
	rm -rf bin out bench/data
