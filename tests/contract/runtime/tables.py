"""The small stage's tables, as its migrations make them."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

from services.runtime.columns import Instant

metadata = MetaData()
boxes = Table("shelf_boxes", metadata, Column("id", Integer, primary_key=True))
things = Table(
    "shelf_things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("box", ForeignKey("shelf_boxes.id")),
    Column("at", Instant),
    UniqueConstraint("name", name="shelf_things_name"),
)
