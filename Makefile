# Segue: `make run` plays, `make test` tests. docs/CONTRIBUTING.md says what the others do.

# sudo's PATH has no /usr/local/go/bin, and neither has a bare root's.
GO      ?= $(or $(shell command -v go 2>/dev/null),$(wildcard /usr/local/go/bin/go),go)
BIN     := bin/segue
PREFIX  ?= /usr/local
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 5s

.PHONY: run build install uninstall test ci lint bench fuzz screens generate deps deps-ci fmt

run: build ## build and open the player
	@$(BIN) $(ARGS)

build: deps
	@test -e $(BIN) || echo "segue: building; the first time this takes some minutes" >&2
	@$(GO) build -trimpath -o $(BIN) .

install: build ## the program, its manual and completions
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/segue
	$(BIN) man $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	$(BIN) completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/segue
	$(BIN) completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_segue
	$(BIN) completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/segue.fish

uninstall: ## what install put there; settings and music stay
	rm -f $(DESTDIR)$(PREFIX)/bin/segue $(DESTDIR)$(PREFIX)/share/man/man1/segue.1 $(DESTDIR)$(PREFIX)/share/man/man1/segue-*.1
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/segue $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_segue $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/segue.fish

test: ## all tests; those that need a program that is not here say so and are skipped
	@GO="$(GO)" scripts/test.sh

ci: deps-ci ## what .ci/run runs: everything, nothing skipped
	@GO="$(GO)" LINT="$(LINT)" FUZZTIME="$(FUZZTIME)" scripts/ci.sh

lint:
	$(GO) run $(LINT) run

fmt:
	gofmt -w .

bench: deps ## speed and memory, beside mpd and moc; writes docs/BENCHMARKS.md's numbers to stdout
	scripts/bench.sh

fuzz: deps ## every fuzz target for FUZZTIME
	GO="$(GO)" FUZZTIME="$(FUZZTIME)" scripts/fuzz.sh

screens: build ## the pictures in docs/screens
	scripts/screens.sh $(BIN) docs/screens

generate: ## config.toml.example and the README's key table
	$(GO) run ./internal/generate

deps:
	@GO="$(GO)" scripts/deps.sh build

deps-ci:
	@GO="$(GO)" scripts/deps.sh ci
