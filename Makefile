# make run     install what is missing, build, start what is needed, serve http://127.0.0.1:8000/dashboard
# make test    install what is missing, build, test
# make build   the release build
# make tempest  OpenStack's own acceptance suite against the release build (TESTS='regex' for some of it)
# make sanitize  the web server's tests under ThreadSanitizer and AddressSanitizer
# make bench   the benchmarks (some ten minutes; the figures go to Benchmarks/results*.md)
# make fuzz    look for input that breaks a reader of the HTTP server (FUZZ_SECONDS each, 60 unless told)
# make format  put the sources into one shape
# make clean   remove what was built; the state directory (var/) stays

# A Swift toolchain in /opt/swift goes first: Debian's client of OpenStack's object store is also called swift.
export PATH := $(if $(wildcard /opt/swift/usr/bin/swift),/opt/swift/usr/bin:)$(PATH)

# Without this SwiftPM lets a target import what its list in Package.swift does not name.
SWIFT_FLAGS := --explicit-target-dependency-import-check error

# Asked for all at once, so that nobody is called back after the build to type a password.
PACKAGES := build
run: PACKAGES += run
test: PACKAGES += run test
tempest: PACKAGES += run test
bench: PACKAGES += run bench

TEST := swift test --skip-build $(SWIFT_FLAGS)

# Tests that hold sockets, guests, browsers and whole programs wait while they block a thread. Swift's pool has one a
# processor, so two of them at once could wait for each other; guests and browsers want the machine to themselves anyway.
ONE_BY_ONE := ^(HTTP|LibvirtHost|Daybreak)Tests[.]

.PHONY: run build test tempest sanitize sanitize-thread sanitize-address bench fuzz format clean toolchain
.DEFAULT_GOAL := run

run: build
	@exec .build/release/daybreak serve

build: toolchain
	swift build -c release --product daybreak $(SWIFT_FLAGS)

test: toolchain
	swift build --build-tests $(SWIFT_FLAGS)
	$(TEST) --parallel --skip '$(ONE_BY_ONE)'
	$(TEST) --no-parallel --filter '$(ONE_BY_ONE)'

tempest: build
	Tests/Tempest/run --results .build/tempest.txt $(TESTS)

# Package.swift leaves out what these tests do not stand on.
SANITIZE = DAYBREAK_TESTS=HTTPTests swift test --no-parallel --filter '^HTTPTests[.]' --scratch-path .build-$@ --sanitize

sanitize: toolchain sanitize-thread sanitize-address

sanitize-thread:
	$(SANITIZE) thread

sanitize-address: export LSAN_OPTIONS = suppressions=$(CURDIR)/.ci/leak-suppressions
sanitize-address:
	$(SANITIZE) address

BENCH := swift run -c release --package-path Benchmarks --skip-build

bench: build
	swift build -c release --package-path Benchmarks
	$(BENCH) TemplateBenchmark
	$(BENCH) SchedulerBenchmark
	$(BENCH) AllocationBenchmark
	$(BENCH) HTTPBenchmark --output Benchmarks/results.md
	$(BENCH) HostileBenchmark --output Benchmarks/results-hostile.md
	$(BENCH) PageBenchmark --output Benchmarks/results-page.md
	$(BENCH) LaunchBenchmark --output Benchmarks/results-launch.md
	$(BENCH) APIBenchmark --output Benchmarks/results-api.md

# Optimised, because a fuzzer lives on speed; preconditions and overflow checks stay.
FUZZ_BUILD := .build/fuzzing

fuzz: toolchain
	swift build -c release --package-path Tests/Fuzzing --scratch-path $(FUZZ_BUILD) -Xswiftc -enable-testing \
	    --sanitize address --sanitize fuzzer
	@Tests/Fuzzing/fuzz $(FUZZ_BUILD)/release/Fuzz $(FUZZ_BUILD)

format: toolchain
	swift format --in-place --recursive --parallel Package.swift Sources Tests

clean:
	rm -rf .build

# After the packages, because the toolchain's own programs need some of them. What a swift that does not start says
# about it (a missing library, for instance) is shown.
toolchain:
	@.ci/install-packages $(PACKAGES)
	@swift --version >/dev/null || { \
	    echo "make: Swift 6.2 or later is needed: https://www.swift.org/install/linux/debian/12/" >&2; exit 1; }
