"""The words of mails and notices."""

from collections.abc import Mapping

from resource_hub.domain.errors import N_

PASSWORD_MAIL: Mapping[str, tuple[str, str]] = {
    "zh_Hans": (
        "校际资源库：设置新密码",
        (
            "{name}，您好！\n\n请在 48 小时内打开下面的链接，设置新密码：\n\n{link}\n\n"
            "如果不是您本人要求的，请忽略这封邮件，原密码仍然有效。\n"
        ),
    ),
    "zh_Hant": (
        "校際資源庫：設定新密碼",
        (
            "{name}，您好！\n\n請在 48 小時內開啟下面的連結，設定新密碼：\n\n{link}\n\n"
            "如果不是您本人要求的，請忽略這封郵件，原密碼仍然有效。\n"
        ),
    ),
    "en": (
        "Resource hub: set a new password",
        (
            "Hello {name},\n\nopen this link within 48 hours to set a new password:\n\n{link}\n\n"
            "If you did not ask for it, ignore this mail; your password stays as it is.\n"
        ),
    ),
}

NOTICES: Mapping[str, str] = {
    "claim": N_("%(by)s has begun to review “%(title)s”."),
    "release": N_("%(by)s has given “%(title)s” back; another reviewer will take it."),
    "approve": N_("%(by)s approved “%(title)s”; one more approval is needed."),
    "passed_stage": N_(
        "“%(title)s” has passed the school's review (%(by)s) and goes to the alliance."
    ),
    "published": N_("“%(title)s” is published. %(by)s approved it."),
    "request_changes": N_("%(by)s asks for changes to “%(title)s”: %(comment)s"),
    "reject": N_("%(by)s rejected “%(title)s”: %(comment)s"),
    "wish_answered": N_("Your wish “%(comment)s” is answered: “%(title)s” (%(by)s)."),
    "withdraw": N_("%(by)s took “%(title)s” down: %(comment)s"),
}
"""By kind of notice; the values are those of ``services.notices.tell``."""
