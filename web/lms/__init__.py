"""What lets our pages live inside an LMS: where a launch may end, and the visit that it opens. Pages are in web/pages/lms."""
