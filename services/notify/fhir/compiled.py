"""One strict validator for the Bundles we send, compiled from the `fhir.resources` R4B classes.

The root of that package is R5: only `fhir.resources.R4B` may be imported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, get_args

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.patient import Patient
from fhir_core.utils import get_fhir_type_name, is_list_type, is_primitive_type
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from services.notify.fhir.bindings import PUBLISHED
from services.notify.fhir.invariants import INVARIANTS, Invariant, checked, choice
from services.notify.fhir.primitives import primitive, text
from services.notify.fhir.sent import CONTAINED, DATATYPES, EXTENDED, NEVER_SENT, R4_TARGETS, RESOURCES, Model

ID = r"[A-Za-z0-9\-.]{1,64}"
CUT_OFF = frozenset(("+", "etc."))
ANY_TYPE = "[A-Z][A-Za-z]{1,63}"
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Element:
    """What is asked of one element. `targets` are the types a Reference may lead to; None of both: another datatype."""

    required: bool
    many: bool
    codes: frozenset[str] | None
    targets: tuple[str, ...] | None


@cache
def validator() -> SchemaValidator:
    """The compiled rules. Stricter than the classes and never laxer: no coercion, no empty list, no unknown element.

    Building it takes about 0.1 s, once. Raises LookupError when a class has a code without a whole value set.
    """
    return SchemaValidator(_Compiler().bundle())


@cache
def element_names() -> frozenset[str]:
    """Every element name that can be sent: what an error may safely repeat."""
    return frozenset(element for _, element in elements()) | {"resourceType"}


@cache
def elements() -> Mapping[tuple[str, str], Element]:
    """Every element that can be sent, by class and name: for those who compare it with the published definitions."""
    compiler = _Compiler()
    compiler.bundle()
    return MappingProxyType(compiler.elements)


class _Compiler:
    """Walks the classes' `model_fields`; each class becomes one definition, each set of reference targets another."""

    def __init__(self) -> None:
        self.elements: dict[tuple[str, str], Element] = {}
        self._definitions: dict[str, CoreSchema] = {}

    def bundle(self) -> CoreSchema:
        """The schema of a Bundle, with those of all that can stand in it."""
        root = self._class(Bundle)
        return core_schema.definitions_schema(root, list(self._definitions.values()))

    def _class(self, model: Model) -> CoreSchema:
        name = model.__name__
        return self._defined(name, lambda: self._fields(model), _invariants(model))

    def _defined(self, ref: str, fields: Any, invariants: tuple[Invariant, ...]) -> CoreSchema:
        if ref not in self._definitions:
            self._definitions[ref] = core_schema.any_schema(ref=ref)  # holds the place: classes contain each other
            made = fields()
            if invariants:
                inner = core_schema.typed_dict_schema(made, extra_behavior="forbid", strict=True)
                self._definitions[ref] = core_schema.no_info_after_validator_function(
                    checked(invariants), inner, ref=ref
                )
            else:
                self._definitions[ref] = core_schema.typed_dict_schema(
                    made, extra_behavior="forbid", strict=True, ref=ref
                )
        return core_schema.definition_reference_schema(ref)

    def _fields(self, model: Model) -> dict[str, core_schema.TypedDictField]:
        fields: dict[str, core_schema.TypedDictField] = {}
        if model.has_resource_base():
            fields["resourceType"] = core_schema.typed_dict_field(core_schema.literal_schema([model.__name__]))
        for name, field in model.model_fields.items():
            element = field.alias or name
            if element in NEVER_SENT or f"{model.__name__}.{element}" in NEVER_SENT:
                continue
            schema = self._element(model, element, field)
            if schema is not None:
                told = _told(model, element, field)
                self.elements[model.__name__, element] = told
                fields[element] = core_schema.typed_dict_field(schema, required=told.required)
        return fields

    def _element(self, model: Model, element: str, field: FieldInfo) -> CoreSchema | None:
        if element.startswith("_"):
            return self._primitive_extension(field) if model.__name__ in EXTENDED else None
        if is_primitive_type(field):
            schema = _primitive(model, element, field)
            return None if schema is None else _listed(field, schema)
        return self._complex(model, element, field)

    def _complex(self, model: Model, element: str, field: FieldInfo) -> CoreSchema | None:
        inner = _class_of(field.annotation)
        match inner.__name__:
            case "Resource":
                return self._contained(model) if element == "contained" else self._any_resource()
            case "Reference":
                return _listed(field, self._reference(model, element, field))
            case name if name in DATATYPES or inner.__module__ == model.__module__:
                return _listed(field, self._class(inner))
            case _:
                return None

    def _any_resource(self) -> CoreSchema:
        choices = {model.__name__: self._class(model) for model in RESOURCES}
        return core_schema.tagged_union_schema(choices, discriminator="resourceType", strict=True)

    def _contained(self, model: Model) -> CoreSchema | None:
        """Others inside *model*: they have an id, and no meta of their own (FHIR R4, dom-2, dom-4, dom-5)."""
        inner = CONTAINED.get(model)
        if inner is None:
            return None

        def fields() -> dict[str, core_schema.TypedDictField]:
            """A contained resource is known by its id, and has no meta."""
            made = self._fields(inner)
            del made["meta"]
            return made | {"id": core_schema.typed_dict_field(made["id"]["schema"], required=True)}

        return _some(self._defined(f"Contained({inner.__name__})", fields, _invariants(inner)))

    def _primitive_extension(self, field: FieldInfo) -> CoreSchema:
        """`{"extension": [...]}`; in a list null keeps the place of a value without one."""
        extension = core_schema.typed_dict_field(_some(self._class(_class_of_extension())))
        element = self._defined("PrimitiveExtension", lambda: {"extension": extension}, ())
        return _some(core_schema.nullable_schema(element)) if is_list_type(field) else element

    def _reference(self, model: Model, element: str, field: FieldInfo) -> CoreSchema:
        """A Reference whose `type` and literal are among the element's targets."""
        targets = _targets(model, element, field)
        anything = "Resource" in targets
        types = ANY_TYPE if anything else "|".join(targets)

        def fields() -> dict[str, core_schema.TypedDictField]:
            """A Reference to one of these types, by what we write of it."""
            made = self._fields(_class_of(field.annotation))
            kind = text(f"^{ANY_TYPE}$") if anything else core_schema.literal_schema(list(targets))
            literal = text(rf"^(?:urn:uuid:{UUID}|#{ID}|(?:{types})/{ID})$")
            return made | {
                "type": core_schema.typed_dict_field(kind, required=False),
                "reference": core_schema.typed_dict_field(literal, required=False),
            }

        return self._defined(f"Reference({types})", fields, INVARIANTS["Reference"])


def _primitive(model: Model, element: str, field: FieldInfo) -> CoreSchema | None:
    """The primitive's schema, or its value set: the published one where theirs is cut off. None: never sent."""
    codes = _codes(model, element, field)
    return primitive(get_fhir_type_name(field)) if codes is None else core_schema.literal_schema(sorted(codes))


def _told(model: Model, element: str, field: FieldInfo) -> Element:
    extra = _extra(field)
    refers = not is_primitive_type(field) and _class_of(field.annotation).__name__ == "Reference"
    return Element(
        required=field.is_required() or bool(extra.get("element_required")),
        many=is_list_type(field),
        codes=_codes(model, element, field),
        targets=_targets(model, element, field) if refers else None,
    )


def _codes(model: Model, element: str, field: FieldInfo) -> frozenset[str] | None:
    """Raises LookupError when theirs is cut off and no published one stands in."""
    codes = PUBLISHED.get((model.__name__, element)) or _extra(field).get("enum_values")
    if codes is not None and not CUT_OFF.isdisjoint(codes):
        raise LookupError(f"{model.__name__}.{element} has no whole value set")
    return None if codes is None else frozenset(codes)


def _targets(model: Model, element: str, field: FieldInfo) -> tuple[str, ...]:
    theirs = tuple(_extra(field).get("enum_reference_types", ("Resource",)))
    return R4_TARGETS.get((model.__name__, element), theirs)


def _listed(field: FieldInfo, item: CoreSchema) -> CoreSchema:
    return _some(item) if is_list_type(field) else item


def _some(item: CoreSchema) -> CoreSchema:
    return core_schema.list_schema(item, min_length=1, strict=True)


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def _class_of(annotation: Any) -> Model:
    """The model class behind `XType | None` or `list[XType] | None`."""
    while args := [arg for arg in get_args(annotation) if arg is not type(None)]:
        annotation = args[0]
    model: Model = annotation.get_model_klass()
    return model


def _class_of_extension() -> Model:
    return _class_of(Patient.model_fields["extension"].annotation)


def _invariants(model: Model) -> tuple[Invariant, ...]:
    """The class's choices (`value[x]`), from its own table, and its published invariants."""
    choices = []
    for names in model.get_one_of_many_fields(model.model_construct()).values():
        required = bool(_extra(model.model_fields[names[0]])["one_of_many_required"])
        choices.append(choice(frozenset(names), required=required))
    return (*choices, *INVARIANTS.get(model.__name__, ()))
