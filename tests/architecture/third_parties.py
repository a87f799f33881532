"""A contract for import-linter: a package imports the standard library and what is listed, no more.

Its own "forbidden" contract must name each library that is not wanted; here the few that are wanted
are named, so that a new dependency is noticed.
"""

import sys
from typing import ClassVar, cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ThirdParties(Contract):
    """Options: ``source_modules`` (packages of ours) and ``allowed`` (names of libraries)."""

    type_name: ClassVar[str] = "third_parties"
    source_modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - the signature is import-linter's
        # Fields turn into plain values when the contract is made; their types do not say so.
        allowed = cast("set[str]", self.allowed) or set()
        known = allowed - {""} | sys.stdlib_module_names
        strangers = [
            f"{importer} imports {imported}"
            for package in cast("list[str]", self.source_modules)
            for importer in sorted({package} | graph.find_descendants(package))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if graph.is_module_squashed(imported) and imported.partition(".")[0] not in known
        ]
        return ContractCheck(kept=not strangers, metadata={"strangers": strangers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for stranger in check.metadata["strangers"]:
            output.print_error(stranger, bold=False)
