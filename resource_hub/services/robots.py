"""The group robots of an alliance: set up, tried and removed by its editors."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from resource_hub.domain.errors import N_, Invalid, Missing, Problem
from resource_hub.domain.people import Person
from resource_hub.domain.robots import SIGNS, Service, accepts
from resource_hub.models import Alliance, RobotRow
from resource_hub.services.issue_access import require_editor
from resource_hub.services.unit_of_work import UnitOfWork

MAX_NAME = 60
MAX_ADDRESS = 1_000
MAX_SECRET = 200


def robots_of(session: Session, by: Person, alliance_id: int) -> list[RobotRow]:
    """By name.

    Raises:
        NotAllowed: the person does not edit this alliance's catalogue.
        Missing: there is no such alliance.
    """
    require_editor(by, alliance_id)
    if session.get(Alliance, alliance_id) is None:
        raise Missing(N_("There is no such alliance."))
    found = select(RobotRow).where(RobotRow.alliance_id == alliance_id).order_by(RobotRow.name)
    return list(session.scalars(found))


def add_robot(
    uow: UnitOfWork,
    by: Person,
    alliance_id: int,
    *,
    service: str,
    name: str,
    address: str,
    secret: str,
    tells_rounds: bool = True,
    others: frozenset[str],
) -> RobotRow:
    """Set up the robot of a group.

    Args:
        others: ``host:port`` that the hub's administrator allows beside the services' own.

    Raises:
        NotAllowed: the person does not edit this alliance's catalogue.
        Missing: there is no such alliance.
        Invalid: a field is empty, too long, or leads elsewhere.
    """
    known = robots_of(uow.session, by, alliance_id)
    name, address, secret = name.strip(), address.strip(), secret.strip()
    problems = []
    if service not in set(Service):
        problems.append(Problem("service", N_("Choose the service.")))
    if not 0 < len(name) <= MAX_NAME:
        problems.append(
            Problem(
                "name", N_("Name the group, in at most %(limit)s characters."), {"limit": MAX_NAME}
            )
        )
    elif any(robot.name == name for robot in known):
        problems.append(Problem("name", N_("There is a robot of this name already.")))
    if service in set(Service) and (
        len(address) > MAX_ADDRESS or not accepts(Service(service), address, others)
    ):
        problems.append(
            Problem(
                "address",
                N_("This is no address of such a robot: copy the whole Webhook from the group."),
            )
        )
    if len(secret) > MAX_SECRET or (secret and service not in SIGNS):
        problems.append(
            Problem("secret", N_("Robots of this service have no secret: leave it empty."))
            if service not in SIGNS
            else Problem("secret", N_("This secret is too long."))
        )
    if problems:
        raise Invalid(problems)
    robot = RobotRow(
        alliance_id=alliance_id,
        service=Service(service),
        name=name,
        address=address,
        secret=secret,
        tells_rounds=tells_rounds,
        added_by_id=by.id or None,
        added_at=uow.now(),
    )
    uow.session.add(robot)
    uow.session.flush()
    uow.record("catalogue:add_robot", by=by, alliance=alliance_id, robot=name, service=service)
    return robot


def let_tell_rounds(
    uow: UnitOfWork, by: Person, alliance_id: int, robot_id: int, *, wanted: bool
) -> RobotRow:
    """Say whether a group wants cards of rounds; those that wait for it are dropped if not."""
    robot = find_robot(uow.session, by, alliance_id, robot_id)
    if robot.tells_rounds is not wanted:
        robot.tells_rounds = wanted
        uow.record("catalogue:robot_rounds", by=by, alliance=alliance_id, robot=robot.name,
                   wanted=wanted)  # fmt: skip
    return robot


def remove_robot(uow: UnitOfWork, by: Person, alliance_id: int, robot_id: int) -> str:
    """Remove a robot; what it posted stays listed. Returns its name."""
    robot = find_robot(uow.session, by, alliance_id, robot_id)
    uow.session.delete(robot)
    uow.record("catalogue:remove_robot", by=by, alliance=alliance_id, robot=robot.name)
    return robot.name


def find_robot(session: Session, by: Person, alliance_id: int, robot_id: int) -> RobotRow:
    """One robot of an alliance.

    Raises:
        NotAllowed, Missing: see ``robots_of``; or there is no such robot.
    """
    for robot in robots_of(session, by, alliance_id):
        if robot.id == robot_id:
            return robot
    raise Missing(N_("There is no such robot."))
