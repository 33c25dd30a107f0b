"""``advisor watch``: judge logs again and again while they grow, and tell what changed."""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack

from advisor.cli import FINDINGS, INTERRUPTED, USAGE, common
from advisor.cli.beside import Beside, beside
from advisor.cli.run import TERMINAL, exit_code, show
from advisor.composing.output import Output, plan_outputs, write_file
from advisor.engine import Analysis
from advisor.errors import UsageError
from advisor.finding import Severity
from advisor.language import tell, word
from advisor.limits import FAULTS, describe
from advisor.manager import Plugins
from advisor.report import Report
from advisor.selection import select_rules
from advisor.settings import Settings
from advisor.watch import Alarms, Looker, Site, address, news, run_command, served
from advisor.wording.cells import padded

PAGE = "html"
NEW = "new-"


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    request = common.request(options)
    settings = common.settings(options, request.logs)
    plugins = common.plugins(settings)
    select_rules(plugins.rules, settings)  # what is named wrong is said at once
    looker = Looker(request, settings, plugins)
    watch = _Watch(options, settings, plugins, looker, beside(options, settings, plugins))
    with ExitStack() as stack:
        if options.serve:
            where = address(options.serve)
            watch.site = Site(plugins.renderers[PAGE])
            url = stack.enter_context(served(watch.site, where))
            if not where.is_loopback:
                text = "WARNING: other machines can read the page at {where:given}"
                common.say(f"advisor: {tell(text, where=str(where))}")
            common.say(f"advisor: {tell('the page is at {url:given}', url=url)}")
        try:
            return watch.run()
        except KeyboardInterrupt:
            common.say(f"advisor: {word('stopped watching')}")
            return INTERRUPTED


class _Watch:
    """What is known from one look to the next."""

    site: Site | None = None

    def __init__(
        self,
        options: argparse.Namespace,
        settings: Settings,
        plugins: Plugins,
        looker: Looker,
        given: Beside,
    ) -> None:
        self._options, self._settings, self._plugins = options, settings, plugins
        self._looker, self._given = looker, given
        self._outputs = _outputs(options, plugins)
        self._command = _command(options.exec)
        self._alarms = _alarms(options.fail_on, options.confirm)
        self._report: Report | None = None
        self._said: set[str] = set()
        self._changed = time.monotonic()

    def run(self) -> int:
        """Look until there is a reason to end, and return the exit code."""
        while True:
            analysis = self._look()
            if analysis is not None:
                self._changed = time.monotonic()
                self._tell(analysis)
            self._alarm()
            code = self._code()
            if code is not None:
                return code
            time.sleep(self._options.every)

    def _look(self) -> Analysis | None:
        """Look once. What goes wrong is said, and tried again at the next look."""
        try:
            with common.progress() as progress:
                return self._looker.look(progress)
        except UsageError as error:
            if self._options.once:
                raise
            text = "{what:sentence}; waiting"
            self._say_once([f"advisor: {tell(text, what=str(error))}"])
        except FAULTS as error:
            if self._options.once:
                raise
            text = "a look failed: {what:given}; please report it"
            self._say_once([f"advisor: {tell(text, what=describe(error))}"])
        return None

    def _tell(self, analysis: Analysis) -> None:
        """Say what changed, and write what is to be written."""
        before, report = self._report, self._given.complete(analysis.report)
        self._say_once(common.complaints(report))
        if before is None and not report.runs:
            self._say_once([f"advisor: {common.nothing_read(analysis, self._plugins.readers)}"])
            return
        self._report = report
        if self.site:
            self.site.show(report)
        if before is None:
            show(report, (), self._plugins.renderers[TERMINAL])
        else:
            for told in news(before, report):
                now = time.strftime("%H:%M:%S")
                sys.stdout.write(f"{now}  {padded(word(told.word), 8)} {told.text}\n")
        sys.stdout.flush()
        self._write(report)

    def _write(self, report: Report) -> None:
        """Write the reports anew. A renderer that fails, or a full disk, ends nothing."""
        for output in self._outputs:
            try:
                text = output.renderer.render(report)
                if output.path:
                    write_file(output.path, text)
            except UsageError as error:
                self._say_once([f"advisor: {error}"])
            except FAULTS as error:
                text = "format {name:given}: {what:given}"
                said = tell(text, name=output.renderer.name, what=describe(error))
                self._say_once([f"advisor: {said}"])

    def _alarm(self) -> None:
        for finding in self._alarms.heard(self._report):
            problem = run_command(self._command, finding) if self._command else ""
            if problem:
                common.say(f"advisor: --exec: {self._command[0]} {problem}")

    def _code(self) -> int | None:
        """Return the exit code if there is a reason to end."""
        asked = self._options.fail_on not in (None, "never")
        if asked and self._alarms.holds:
            return FINDINGS
        idle = self._options.until_idle
        waited = time.monotonic() - self._changed
        if not self._options.once and (idle is None or waited < idle):
            return None
        if self._report is None:
            return USAGE
        level = "never" if asked else self._settings.fail_on
        return exit_code(self._report, level, strict=self._settings.strict)

    def _say_once(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line not in self._said:
                self._said.add(line)
                common.say(line)


def _outputs(options: argparse.Namespace, plugins: Plugins) -> tuple[Output, ...]:
    outputs = plan_outputs(options.format or [], options.output, plugins.renderers)
    if any(output.path is None for output in outputs) or "-" in options.output:
        raise UsageError("watch says on standard output what changes: give reports -o PATH")
    return outputs


def _alarms(fail_on: str | None, confirm: int) -> Alarms:
    """Return who listens for what ends the watch, or else starts a command."""
    level = "warning" if fail_on in (None, "never") else fail_on
    return Alarms(Severity(level.removeprefix(NEW)), confirm, only_new=level.startswith(NEW))


def _command(given: str | None) -> tuple[str, ...]:
    """Take a command apart as a shell would, without one. Raises ``UsageError``."""
    if given is None:
        return ()
    try:
        command = tuple(shlex.split(given))
    except ValueError as error:
        text = "--exec {given:given}: {why:given}"
        raise UsageError(text, given=given, why=str(error).lower()) from error
    if not command or not shutil.which(command[0]):
        raise UsageError("--exec {given:given}: there is no such program", given=given)
    return command
