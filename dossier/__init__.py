"""卷宗: what is known of a unit, kept so that it can be saved, reopened and argued about."""
