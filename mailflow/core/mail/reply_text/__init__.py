"""What the writer wrote now: the text less quotation, signature and disclaimer."""

from mailflow.core.mail.reply_text.cut import ReplyText, cut_reply

__all__ = ["ReplyText", "cut_reply"]
